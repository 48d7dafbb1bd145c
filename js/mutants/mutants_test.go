package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestMutate holds what is made of each construct: the line as it becomes,
// blanks folded.
func TestMutate(t *testing.T) {
	for _, test := range []struct {
		source string
		want   []string
	}{
		{"if a { b() }", []string{"if (a) || true { b() }", "if (a) && false { b() }", "if a { }"}},
		{"for a { }", []string{"for (a) || true { }", "for (a) && false { }"}},
		{"x := a && b", []string{"x := ((a) || true) && b", "x := a && ((b) || true)"}},
		{"x := a || b", []string{"x := ((a) && false) || b", "x := a || ((b) && false)"}},
		{"x := a < b", []string{"x := a <= b", "x := a >= b"}},
		{"x := a == b", []string{"x := a != b"}},
		{"x := !a", []string{"x := a"}},
		{"x := a + b", []string{"x := a - b"}},
		{"x := 10", []string{"x := 11", "x := 9"}},
		{"x := 0", []string{"x := 1"}},
		{"x := 'a'", []string{"x := ('a' + 1)"}},
		{"x := true", []string{"x := false"}},
		{`x := "word"`, []string{`x := "word~"`}},
		{`x := "a sentence"`, nil},
		{"x := one", []string{"x := two"}},
		{"x := other.One", []string{"x := other.Two"}},
		{"x := y.one", nil},
		{"x = y", []string{""}},
		{"x, y = a, b", []string{"_, y = a, b", "x, _ = a, b"}},
		{"x += y", []string{"x -= y", ""}},
		{"x++", []string{"x--", ""}},
		{"f(a)", []string{""}},
		{"defer f()", []string{""}},
		{"return", []string{""}},
		{"x := T{a: b, c: d}", []string{"x := T{c: d}", "x := T{a: b}"}},
		{"switch { case a: }", []string{"switch { case (a) || true: }", "switch { case (a) && false: }"}},
		{"switch a { case b: }", []string{"switch a { }"}},
		{"switch a { case b, c: }", []string{"switch a { case c: }", "switch a { case b: }"}},
	} {
		t.Run(test.source, func(t *testing.T) {
			source := "package p\n\nfunc f() {\n" + test.source + "\n}\n"
			groups := map[string]string{"one": "two", "other.One": "other.Two"}
			file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, 0)
			if err != nil {
				t.Fatal(err)
			}
			changes := mutate([]byte(source), file, groups)
			var got []string
			for _, c := range changes {
				line, before, after := describe([]byte(source), c.start, c.end, c.texts[0])
				if line != 4 || before != test.source || c.owner != "f" {
					t.Errorf("line %d in %s, %q", line, c.owner, before)
				}
				got = append(got, after)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestConstantsGoByGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.go")
	text := "package c\n\nconst (\n\tred = iota\n\tgreen\n)\n\nconst (\n\ta = \"a\"\n\tb = \"b\"\n\tc = 7\n)\n\nconst alone = \"x\"\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := constants([]string{path})
	want := map[string]string{"red": "green", "green": "red", "a": "b", "b": "a"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.js")
	if err := os.WriteFile(path, []byte("first\n“é” && 😀 && b;\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	report := func(status string) ([]*mutant, error) {
		return readReport(fmt.Appendf(nil, `[
			{"file": %[1]q, "status": "Survived", "replacement": "true", "start": {"line": 2, "column": 8}, "end": {"line": 2, "column": 10}},
			{"file": %[1]q, "status": %[2]q, "replacement": "c", "start": {"line": 2, "column": 14}, "end": {"line": 2, "column": 15}}]`, path, status))
	}
	got, err := report("Timeout")
	if err != nil {
		t.Fatal(err)
	}
	want := []mutant{
		{"js/src", path, 2, "a.js", "“é” && 😀 && b;", "“é” && true && b;", survived},
		{"js/src", path, 2, "a.js", "“é” && 😀 && b;", "“é” && 😀 && c;", endless},
	}
	for i, m := range got {
		if *m != want[i] {
			t.Errorf("got %+v, want %+v", *m, want[i])
		}
	}
	if _, err := report("Pending"); err == nil {
		t.Error("a status that is not known is taken")
	}
}

// TestAll makes one program of a source with two changes in it, and sees that
// each of them counts when it is told to.
func TestAll(t *testing.T) {
	source := `package main

import "fmt"

type counter struct{ n int }

func (*counter) add(_, b int, more ...int) (sum int) { return b + 1 }

func main() {
	fmt.Println(new(counter).add(1, 2, 3))
}
`
	folder := t.TempDir()
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var functions []*function
	for i, c := range mutate([]byte(source), file, nil) {
		if !copied(c.in) || c.texts[0] == "" {
			continue
		}
		j := &job{change: c, number: i + 1}
		if n := len(functions); n == 0 || functions[n-1].FuncDecl != c.in {
			functions = append(functions, &function{FuncDecl: c.in, number: len(functions) + 1})
		}
		j.of = functions[len(functions)-1]
		j.of.jobs = append(j.of.jobs, j)
	}
	for name, text := range map[string]string{
		"main.go": string(all([]byte(source), file, functions)), "switchboard.go": fmt.Sprintf(switchboard, "main"), "go.mod": "module m\n\ngo 1.25\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program, seen := filepath.Join(folder, "m"), filepath.Join(folder, "seen")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = folder
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	run := func(active int) string {
		cmd := exec.Command(program)
		cmd.Env = []string{fmt.Sprint(activeVariable, "=", active), seenVariable + "=" + seen}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	got := map[string]bool{}
	for _, f := range functions {
		for _, j := range f.jobs {
			got[run(j.number)] = true
		}
	}
	if want := map[string]bool{"1": true, "2": true, "4": true}; run(0) != "3" || !reflect.DeepEqual(got, want) {
		t.Errorf("unchanged %s, changed %v", run(0), got)
	}
	run(watching)
	if text, _ := os.ReadFile(seen); string(text) != "1\n" {
		t.Errorf("the functions that it runs: %q", text)
	}
}

func TestEquivalents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.txt")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("# what this is\n\n\nwasm/a f\n-\tx < y\n+\tx <= y\nthey are\nnever equal\n\nwasm/a g\n-\tx()\n+\nit does nothing\n")
	list, err := readEquivalents(path)
	if err != nil || len(list) != 2 || list[0].line != 4 || list[1].line != 10 || list[0].reason != "they are never equal" {
		t.Fatalf("got %+v, %v", list, err)
	}
	lesser := &mutant{folder: "wasm/a", owner: "f", before: "x < y", after: "x <= y"}
	removed := &mutant{folder: "wasm/a", owner: "g", before: "x()"}
	missed := &mutant{folder: "wasm/a", owner: "f", before: "x < y", after: "x >= y"}
	for _, test := range []struct {
		what    string
		mutants []*mutant
		whole   bool
		want    bool
	}{
		{"all listed", []*mutant{lesser, removed}, true, true},
		{"one that is not", []*mutant{lesser, removed, missed}, true, false},
		{"one that is not there, of a part", []*mutant{lesser}, false, true},
		{"one that is not there, of the whole", []*mutant{lesser}, true, false},
	} {
		list, _ := readEquivalents(path)
		if got := report(io.Discard, "wasm/a", test.mutants, list, test.whole); got != test.want {
			t.Errorf("%s: %v", test.what, got)
		}
	}
	lesser.outcome = caught
	if report(io.Discard, "wasm/a", []*mutant{lesser, removed}, list, true) {
		t.Error("an entry whose mutant is caught is taken")
	}
	twin := *lesser
	twin.outcome = survived
	if !report(io.Discard, "wasm/a", []*mutant{lesser, &twin, removed}, list, true) {
		t.Error("of two equal lines both have to survive")
	}

	write("wasm/a f\n-\tx\nthey are equal\n")
	if _, err := readEquivalents(path); err == nil || !strings.Contains(err.Error(), ":1:") {
		t.Errorf("an entry without a line after: %v", err)
	}
}

func TestFloors(t *testing.T) {
	for folder, want := range map[string]int{"wasm/session": 95, "js/src": 95, "demo/backend": 90, "demo": 0} {
		if got := floorOf(folder); got != want {
			t.Errorf("%s: %d", folder, got)
		}
	}
}
