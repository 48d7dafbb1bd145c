package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

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

// watch runs each test without any change, to see which functions it runs.
func (p *testProgram) watch(seen string) error {
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
