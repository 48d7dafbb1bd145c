package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// scripts is the folder that Stryker changes.
const scripts = "js/src"

// chosenScripts are the patterns of what is asked for of it.
func chosenScripts(only []string) []string {
	if len(only) == 0 {
		return []string{scripts + "/**/*.js"}
	}
	var patterns []string
	for _, item := range only {
		switch item = filepath.ToSlash(filepath.Clean(item)); {
		case item != scripts && !strings.HasPrefix(item, scripts+"/"):
		case strings.HasSuffix(item, ".js"):
			patterns = append(patterns, item)
		default:
			patterns = append(patterns, item+"/**/*.js")
		}
	}
	return patterns
}

// stryker changes the files that the patterns name, and runs the gate's tests,
// each file of them in a process of its own.
func stryker(patterns []string, workers int) ([]*mutant, error) {
	// Changes of the scripts leave the Go program as it is: it is built once.
	program, err := filepath.Abs(".build/mutants.wasm")
	if err != nil {
		return nil, err
	}
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, said)
	}
	cmd := exec.Command("js/mutants/node_modules/.bin/stryker", "run", "js/mutants/stryker.config.json",
		"--mutate", strings.Join(patterns, ","), "--concurrency", strconv.Itoa(workers))
	cmd.Env = append(os.Environ(), "FETCH401_PROGRAM="+program)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("stryker: %w", err)
	}
	text, err := os.ReadFile(".build/mutants.json")
	if err != nil {
		return nil, err
	}
	return readReport(text)
}

// place is a position in a report, from 1.
type place struct{ Line, Column int }

// offset is where in the source that is. Columns count UTF-16 code units.
func (p place) offset(source string) int {
	at := 0
	for range p.Line - 1 {
		at += strings.IndexByte(source[at:], '\n') + 1
	}
	units := 1
	for i, r := range source[at:] {
		if units >= p.Column {
			return at + i
		}
		units++
		if r > 0xffff {
			units++
		}
	}
	return len(source)
}

// readReport reads the report of a run
// (https://github.com/stryker-mutator/mutation-testing-elements, its schema).
func readReport(text []byte) ([]*mutant, error) {
	var report struct {
		Files map[string]struct {
			Source  string
			Mutants []struct {
				Status, Replacement string
				Location            struct{ Start, End place }
			}
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return nil, fmt.Errorf("stryker's report: %w", err)
	}
	// Where a test's file cannot even be loaded, or does not end, the mutant is noticed too.
	outcomes := map[string]outcome{
		"Killed": caught, "Timeout": caught, "RuntimeError": caught,
		"Survived": survived, "NoCoverage": survived,
		"CompileError": unviable, "Ignored": unviable,
	}
	var mutants []*mutant
	for name, file := range report.Files {
		for _, found := range file.Mutants {
			outcome, ok := outcomes[found.Status]
			if !ok {
				return nil, fmt.Errorf("stryker's report: status %q", found.Status)
			}
			m := &mutant{folder: scripts, file: name, owner: filepath.Base(name), outcome: outcome}
			m.line, m.before, m.after = describe([]byte(file.Source), found.Location.Start.offset(file.Source), found.Location.End.offset(file.Source), found.Replacement)
			mutants = append(mutants, m)
		}
	}
	return mutants, nil
}
