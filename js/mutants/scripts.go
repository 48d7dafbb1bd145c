package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// scripts is the folder of the scripts.
const scripts = "js/src"

// chosenScripts are the files of it that are asked for.
func chosenScripts(only []string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(scripts, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".js" {
			return err
		}
		path = filepath.ToSlash(path)
		chosen := len(only) == 0
		for _, item := range only {
			item = filepath.ToSlash(filepath.Clean(item))
			chosen = chosen || path == item || strings.HasPrefix(path, item+"/")
		}
		if chosen {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// tryScripts changes the files, and runs the gate's tests (scripts.mjs).
func tryScripts(files []string, workers int) ([]*mutant, error) {
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
	cmd := exec.Command("node", append([]string{"js/mutants/scripts.mjs", strconv.Itoa(workers)}, files...)...)
	cmd.Env = append(os.Environ(), "FETCH401_PROGRAM="+program)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("scripts.mjs: %w", err)
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

// readReport reads what scripts.mjs prints.
func readReport(text []byte) ([]*mutant, error) {
	var report []struct {
		File, Status, Replacement string
		Start, End                place
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return nil, fmt.Errorf("scripts.mjs: %w", err)
	}
	outcomes := map[string]outcome{"Killed": caught, "Timeout": endless, "Survived": survived}
	sources := map[string]string{}
	var mutants []*mutant
	for _, found := range report {
		outcome, ok := outcomes[found.Status]
		if !ok {
			return nil, fmt.Errorf("scripts.mjs: status %q", found.Status)
		}
		source, ok := sources[found.File]
		if !ok {
			text, err := os.ReadFile(found.File)
			if err != nil {
				return nil, err
			}
			source = string(text)
			sources[found.File] = source
		}
		m := &mutant{folder: scripts, file: found.File, owner: filepath.Base(found.File), outcome: outcome}
		m.line, m.before, m.after = describe([]byte(source), found.Start.offset(source), found.End.offset(source), found.Replacement)
		mutants = append(mutants, m)
	}
	return mutants, nil
}
