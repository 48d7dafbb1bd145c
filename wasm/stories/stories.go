// Package stories tells the stories of a package's testdata, for its tests: what
// happens, a line of dashes, and what that leads to. Only tests import it.
package stories

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write what the stories lead to into testdata")

// Tell goes through a story, a paragraph at a time: each line that is no comment
// happens, and under the dashes stands what told says of it then.
func Tell(text string, happens func(line string), told func() string) string {
	var out []string
	for _, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		events, _, asked := strings.Cut(paragraph, "\n----")
		out = append(out, events)
		for _, line := range strings.Split(events, "\n") {
			if line != "" && line[0] != '#' {
				happens(line)
				asked = true
			}
		}
		if asked {
			out[len(out)-1] += "\n----\n" + told()
		}
	}
	return strings.Join(out, "\n\n") + "\n"
}

// Run tells each story under testdata as a test of its file's name. play gives
// the text as it goes; with -rewrite that is written, and is to be read.
func Run(t *testing.T, play func(t *testing.T, text string) string) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(text))
			if *rewrite {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != string(text) {
				t.Errorf("the story goes otherwise; with -rewrite it reads\n%s", got)
			}
		})
	}
}
