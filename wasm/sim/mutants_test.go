package sim

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var mutants = flag.Bool("mutants", false, "see each invariant of the schedules fail")

// TestMutants makes each change that testdata/mutants lists, and sees the
// schedules fail by the invariant that it is listed for.
func TestMutants(t *testing.T) {
	if !*mutants {
		t.Skip("takes minutes: with -mutants")
	}
	list, err := os.ReadFile("testdata/mutants")
	if err != nil {
		t.Fatal(err)
	}
	for _, paragraph := range strings.Split(strings.TrimSpace(string(list)), "\n\n")[1:] {
		title, rest, _ := strings.Cut(paragraph, "\n")
		file, change, _ := strings.Cut(rest, "\n")
		t.Run(title, func(t *testing.T) {
			invariant, _, _ := strings.Cut(title, ":")
			var before, after strings.Builder
			for _, line := range strings.SplitAfter(change+"\n", "\n") {
				if rest, ok := strings.CutPrefix(line, "-"); ok {
					before.WriteString(rest)
				} else if rest, ok := strings.CutPrefix(line, "+"); ok {
					after.WriteString(rest)
				}
			}
			out := playMutant(t, filepath.Join("..", file), invariant, before.String(), after.String())
			if !strings.Contains(out, ": "+invariant+"\n") {
				t.Errorf("the schedules do not fail by %q:\n%.1000s", invariant, out)
			}
		})
	}
}

// playMutant plays the schedules with the change.
func playMutant(t *testing.T, file, invariant, before, after string) string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(source), before) {
		t.Fatalf("nothing in %s reads\n%s", file, before)
	}
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	mutant, overlay := filepath.Join(t.TempDir(), "mutant.go"), filepath.Join(t.TempDir(), "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: mutant}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{mutant: strings.Replace(string(source), before, after, 1), overlay: string(replace)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := exec.Command("go", "test", "-vet=off", "-overlay", overlay, "-run", "TestSchedules", "-schedules", "300000", "-only", invariant).CombinedOutput()
	return string(out)
}
