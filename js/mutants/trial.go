package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	"syscall"
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

// testProgram are the tests of a package, built.
type testProgram struct {
	path, folder string
	tests        []*knownTest
}

// knownTest is a test, and what is known of its run without any change.
type knownTest struct {
	name string
	seen map[int]bool // functions that it runs
	cpu  time.Duration
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
	if err := t.watch(); err != nil {
		return nil, err
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

// watch runs each test without any change, to see which functions it runs.
func (t *trial) watch() error {
	seen := filepath.Join(t.work, "seen")
	for _, p := range t.programs {
		cmd := exec.Command(p.path, "-test.list", ".")
		cmd.Dir = p.folder
		names, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("the tests of %s: %w", p.folder, err)
		}
		for _, name := range strings.Fields(string(names)) {
			if strings.HasPrefix(name, "Benchmark") {
				continue
			}
			_ = os.Remove(seen)
			test := &knownTest{name: name, seen: map[int]bool{}}
			said, state, err := p.run([]*knownTest{test}, watching, time.Hour, seen)
			if err != nil {
				return fmt.Errorf("%s of %s fails without any change: %w\n%s", name, p.folder, err, said)
			}
			test.cpu = state.UserTime() + state.SystemTime()
			text, _ := os.ReadFile(seen)
			for _, word := range strings.Fields(string(text)) {
				number, _ := strconv.Atoi(word)
				test.seen[number] = true
			}
			p.tests = append(p.tests, test)
		}
		sort.SliceStable(p.tests, func(i, j int) bool { return p.tests[i].cpu < p.tests[j].cpu })
	}
	return nil
}

// patience is how long a test may take by the clock of the wall, whatever else
// the machine does.
const patience = 3 * time.Minute

// run runs tests, at most so long by the processor's time.
func (p *testProgram) run(tests []*knownTest, active int, cpu time.Duration, seen string) (string, *os.ProcessState, error) {
	var names []string
	for _, test := range tests {
		names = append(names, test.name)
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	// A loop that collects for ever must not take the machine's memory.
	cmd := exec.CommandContext(ctx, "sh", "-c", `ulimit -v 6000000; ulimit -t "$2"; exec "$0" -test.failfast -test.run "$1"`,
		p.path, "^("+strings.Join(names, "|")+")$", strconv.Itoa(int(cpu.Seconds())+1))
	cmd.Dir = p.folder
	cmd.Env = append(os.Environ(), activeVariable+"="+strconv.Itoa(active), seenVariable+"="+seen)
	said, err := cmd.CombinedOutput()
	return string(said), cmd.ProcessState, err
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

// result runs the tests and says what they make of a change.
func (p *testProgram) result(tests []*knownTest, active int) outcome {
	if len(tests) == 0 {
		return survived
	}
	var cpu time.Duration
	for _, test := range tests {
		cpu += test.cpu
	}
	_, state, err := p.run(tests, active, 5*cpu+time.Second, "")
	if err == nil {
		return survived
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
			return endless
		}
	}
	return caught
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
