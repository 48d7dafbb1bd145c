// Command mutants changes the sources a little, one place at a time, and runs
// their tests: a change that no test notices (a mutant that survives) shows
// what is not held by any of them.
//
//	go run ./js/mutants [-workers 2] [FOLDER|FILE ...]
//
// It runs in the root of the repository, over the packages of wasm,
// demo/backend and js/src, or over the folders and files that it is given, and
// fails where fewer mutants are caught than the folder's floor asks for.
// Mutants that change nothing that could be observed are listed, each with its
// reason, in equivalent.txt, and do not count; an entry whose mutant is caught
// or is not there any more fails the run too.
//
// In Go, all changes of a package's functions are in one program, and its
// environment says which of them counts; a test runs only where it reaches the
// function. In JavaScript Stryker's instrumenter does the same with the scripts.
// What takes five times the processor's time of the unchanged tests does not
// end; that counts as caught, and is printed.
//
// Rejected: gremlins, whose operators leave out what a state machine is made
// of (assignments, statements, conditions that are a single boolean): it knew
// 144 mutants of wasm/session where this program knows five times as many.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// floors are the shares of mutants, in percent, that tests must catch. A
// folder without one has that of its parent.
var floors = map[string]int{"wasm": 95, "js/src": 95, "demo/backend": 90}

func main() {
	workers := flag.Int("workers", 2, "mutants that are tried at once")
	flag.Parse()
	ok, err := run(flag.Args(), *workers)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// outcome is what became of a mutant.
type outcome uint8

const (
	survived outcome = iota
	caught
	endless  // it was stopped when it had taken far more time than the tests need
	unviable // it does not compile
)

// mutant is a change of one place of a file.
type mutant struct {
	folder, file string
	line         int
	owner        string // the function, or in JavaScript the file's name
	before       string // the line that is changed
	after        string // what it is changed to
	outcome      outcome
}

func (m *mutant) String() string {
	return fmt.Sprintf("%s:%d in %s\n-\t%s\n+\t%s", m.file, m.line, m.owner, m.before, m.after)
}

func run(only []string, workers int) (bool, error) {
	if _, err := os.Stat("js/mutants/equivalent.txt"); err != nil {
		return false, fmt.Errorf("js/mutants/equivalent.txt not found: run it in the root of the repository")
	}
	list, err := readEquivalents("js/mutants/equivalent.txt")
	if err != nil {
		return false, err
	}
	packages, err := listPackages()
	if err != nil {
		return false, err
	}
	ok, tried := true, false
	for _, p := range packages {
		files := p.chosen(only)
		if len(files) == 0 {
			continue
		}
		tried = true
		mutants, err := p.try(files, workers)
		if err != nil {
			return false, err
		}
		ok = report(os.Stdout, p.folder, mutants, list, len(files) == len(p.files)) && ok
	}
	files, err := chosenScripts(only)
	if err != nil {
		return false, err
	}
	if len(files) > 0 {
		tried = true
		mutants, err := tryScripts(files, workers)
		if err != nil {
			return false, err
		}
		ok = report(os.Stdout, scripts, mutants, list, len(only) == 0 || contains(only, scripts)) && ok
	}
	if !tried {
		return false, fmt.Errorf("nothing to change in %s", strings.Join(only, ", "))
	}
	return ok, nil
}

// report prints the survivors and the score of a folder, and says whether both
// are as they should be. Where the folder was tried whole, entries of the list
// that no mutant answers to are stale.
func report(w io.Writer, folder string, mutants []*mutant, list []*equivalent, whole bool) bool {
	sort.SliceStable(mutants, func(i, j int) bool {
		return mutants[i].file < mutants[j].file || mutants[i].file == mutants[j].file && mutants[i].line < mutants[j].line
	})
	viable, found, listed, ok := 0, 0, 0, true
	for _, m := range mutants {
		e := lookUp(list, m)
		switch {
		case m.outcome == unviable:
		case m.outcome == caught || m.outcome == endless:
			viable++
			found++
			if m.outcome == endless {
				fmt.Fprintf(w, "\ndoes not end: %v\n", m)
			}
			if e != nil && !e.survives(mutants) {
				ok = false
				fmt.Fprintf(w, "\nequivalent.txt:%d lists what the tests catch\n%v\n", e.line, m)
			}
		case e != nil:
			listed++
		default:
			viable++
			fmt.Fprintf(w, "\nsurvives: %v\n", m)
		}
	}
	for _, e := range list {
		if whole && e.folder == folder && !e.seen {
			ok = false
			fmt.Fprintf(w, "\nequivalent.txt:%d lists a mutant of %s that is not there\n", e.line, folder)
		}
	}
	floor := floorOf(folder)
	score := 100.0
	if viable > 0 {
		score = 100 * float64(found) / float64(viable)
	}
	verdict := ""
	if score < float64(floor) {
		ok = false
		verdict = fmt.Sprintf(", below %d %%", floor)
	}
	fmt.Fprintf(w, "\n%s: %d of %d mutants caught, %.1f %%%s; %d that change nothing\n", folder, found, viable, score, verdict, listed)
	return ok
}

func floorOf(folder string) int {
	for {
		if floor, ok := floors[folder]; ok {
			return floor
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return 0
		}
		folder = parent
	}
}

func contains(list []string, word string) bool {
	for _, item := range list {
		if filepath.Clean(item) == word {
			return true
		}
	}
	return false
}
