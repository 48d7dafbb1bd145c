package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// job is a mutant, and the change that makes it.
type job struct {
	*mutant
	change
	number int
	of     *function // nil where it needs a program of its own
}

// trial tries the changes of one package.
type trial struct {
	*goPackage
	work     string // folder for what is built
	jobs     []*job
	sources  map[string][]byte
	files    map[string]*ast.File
	programs []*testProgram // one for each package whose tests reach it
}

// try changes the files, and runs the tests of each change.
func (p *goPackage) try(files []string, workers int) ([]*mutant, error) {
	work, err := os.MkdirTemp("", "fetch401-mutants")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	t := &trial{goPackage: p, work: work, sources: map[string][]byte{}, files: map[string]*ast.File{}}
	if err := t.read(files); err != nil {
		return nil, err
	}
	if err := t.buildAll(); err != nil {
		return nil, err
	}
	for _, p := range t.programs {
		if err := p.watch(filepath.Join(t.work, "seen")); err != nil {
			return nil, err
		}
	}
	queue := make(chan *job)
	var running sync.WaitGroup
	for i := range workers {
		running.Add(1)
		go func() {
			defer running.Done()
			for j := range queue {
				switch {
				case j.outcome == unviable:
				case j.of == nil:
					j.outcome = t.alone(filepath.Join(work, strconv.Itoa(i)), j)
				default:
					j.outcome = t.tests(j)
				}
				if j.outcome == survived {
					fmt.Fprintf(os.Stderr, "survives: %v\n", j.mutant)
				}
			}
		}()
	}
	// Those that need a program of their own take longest.
	sort.SliceStable(t.jobs, func(i, k int) bool { return t.jobs[i].of != nil && t.jobs[k].of == nil })
	var mutants []*mutant
	for i, j := range t.jobs {
		if i%100 == 0 {
			fmt.Fprintf(os.Stderr, "%s: %d of %d\n", t.folder, i, len(t.jobs))
		}
		mutants = append(mutants, j.mutant)
		queue <- j
	}
	close(queue)
	running.Wait()
	return mutants, nil
}

// read gathers the changes of the files.
func (t *trial) read(files []string) error {
	groups, err := constants(t.goPackage.files)
	if err != nil {
		return err
	}
	functions := 0
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		t.sources[name], t.files[name] = source, file
		var of *function
		for _, c := range mutate(source, file, groups) {
			j := &job{change: c, number: len(t.jobs) + 1, mutant: &mutant{folder: t.folder, file: name, owner: c.owner}}
			j.line, j.before, j.after = describe(source, c.start, c.end, c.texts[0])
			t.jobs = append(t.jobs, j)
			if copied(c.in) {
				if of == nil || of.FuncDecl != c.in {
					functions++
					of = &function{FuncDecl: c.in, number: functions}
				}
				j.of = of
			}
		}
	}
	return nil
}

// mistaken finds the changes that the compiler complains of.
var mistaken = regexp.MustCompile(copyName + `(\d+):`)

// buildAll builds the tests with all changes in them, and leaves out those that
// do not compile.
func (t *trial) buildAll() error {
	for {
		replaced := map[string][]byte{t.folder + "/switchboard401.go": fmt.Appendf(nil, switchboard, t.name)}
		for name, source := range t.sources {
			var functions []*function
			for _, j := range t.jobs {
				if j.file != name || j.of == nil || j.outcome == unviable {
					continue
				}
				if len(functions) == 0 || functions[len(functions)-1] != j.of {
					functions = append(functions, j.of)
					j.of.jobs = nil
				}
				j.of.jobs = append(j.of.jobs, j)
			}
			replaced[name] = all(source, t.files[name], functions)
		}
		programs, said, err := t.build(t.work, replaced)
		if err == nil {
			t.programs = programs
			return nil
		}
		found := mistaken.FindAllStringSubmatch(said, -1)
		if len(found) == 0 {
			return fmt.Errorf("%s: %w\n%s", t.folder, err, said)
		}
		done := map[string]bool{}
		for _, m := range found {
			if number, _ := strconv.Atoi(m[1]); !done[m[1]] {
				done[m[1]] = true
				t.jobs[number-1].next()
			}
		}
	}
}

// next takes the next text of a change of which the last does not compile.
func (j *job) next() {
	if j.texts = j.texts[1:]; len(j.texts) == 0 {
		j.outcome = unviable
	}
}

// build builds the tests that reach the package, with files replaced.
func (t *trial) build(desk string, replaced map[string][]byte) ([]*testProgram, string, error) {
	if err := os.MkdirAll(desk, 0o755); err != nil {
		return nil, "", err
	}
	overlay, n := map[string]string{}, 0
	for name, text := range replaced {
		path, err := filepath.Abs(name)
		if err != nil {
			return nil, "", err
		}
		n++
		overlay[path] = filepath.Join(desk, fmt.Sprintf("%d.go", n))
		if err := os.WriteFile(overlay[path], text, 0o600); err != nil {
			return nil, "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, "", err
	}
	list := filepath.Join(desk, "overlay.json")
	if err := os.WriteFile(list, text, 0o600); err != nil {
		return nil, "", err
	}
	var programs []*testProgram
	for i, tester := range t.testers {
		p := &testProgram{path: filepath.Join(desk, fmt.Sprintf("%d.test", i)), folder: "." + strings.TrimPrefix(tester, module)}
		// -e reports more than ten mistakes.
		said, err := exec.Command("go", "test", "-c", "-gcflags="+module+"/...=-e", "-ldflags=-s -w", "-overlay", list, "-o", p.path, tester).CombinedOutput()
		if err != nil {
			return nil, string(said), fmt.Errorf("go test -c %s: %w", tester, err)
		}
		programs = append(programs, p)
	}
	return programs, "", nil
}

// tests runs the tests that run what the change is in, the quick ones before
// the others.
func (t *trial) tests(j *job) outcome {
	for _, p := range t.programs {
		var quick, others []*knownTest
		for _, test := range p.tests {
			switch {
			case !test.seen[j.of.number]:
			case test.cpu < 300*time.Millisecond:
				quick = append(quick, test)
			default:
				others = append(others, test)
			}
		}
		for _, tests := range [][]*knownTest{quick, others} {
			if result := p.result(tests, j.number); result != survived {
				return result
			}
		}
	}
	return survived
}

// alone tries a change outside of functions, which needs a program of its own.
func (t *trial) alone(desk string, j *job) outcome {
	for ; len(j.texts) > 0; j.next() {
		source := t.sources[j.file]
		version := bytes.Join([][]byte{source[:j.start], []byte(j.texts[0]), source[j.end:]}, nil)
		programs, _, err := t.build(desk, map[string][]byte{j.file: version})
		if err != nil {
			continue
		}
		for i, p := range programs {
			if result := p.result(t.programs[i].tests, 0); result != survived {
				return result
			}
		}
		return survived
	}
	return unviable
}
