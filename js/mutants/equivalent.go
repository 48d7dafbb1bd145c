package main

import (
	"fmt"
	"os"
	"strings"
)

// equivalent is an entry of equivalent.txt: a mutant that changes nothing that
// could be observed. Entries are told by the line that is changed, not by its
// number, so that they stay true while files move.
//
//	wasm/session begin
//	-	the line
//	+	what it is changed to
//	why nobody can tell the difference
type equivalent struct {
	folder, owner, before, after, reason string

	line int  // in equivalent.txt
	seen bool // a mutant answers to it
}

func readEquivalents(path string) ([]*equivalent, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var list []*equivalent
	line := 1
	for _, paragraph := range strings.Split(string(text), "\n\n") {
		lines := strings.Split(strings.Trim(paragraph, "\n"), "\n")
		first := line + len(paragraph) - len(strings.TrimLeft(paragraph, "\n"))
		line += strings.Count(paragraph, "\n") + 2
		if lines[0] == "" || lines[0][0] == '#' {
			continue
		}
		folder, owner, ok := strings.Cut(lines[0], " ")
		if !ok || len(lines) < 4 || !strings.HasPrefix(lines[1], "-") || !strings.HasPrefix(lines[2], "+") {
			return nil, fmt.Errorf("%s:%d: want FOLDER OWNER, the line before, the line after, and the reason", path, first)
		}
		list = append(list, &equivalent{
			folder: folder, owner: owner,
			before: strings.TrimSpace(lines[1][1:]), after: strings.TrimSpace(lines[2][1:]),
			reason: strings.Join(lines[3:], " "), line: first,
		})
	}
	return list, nil
}

func (e *equivalent) is(m *mutant) bool {
	return e.folder == m.folder && e.owner == m.owner && e.before == m.before && e.after == m.after
}

// survives says that a mutant answers to the entry that no test catches: of
// two equal lines of a function one may be equivalent where the other is not.
func (e *equivalent) survives(mutants []*mutant) bool {
	for _, m := range mutants {
		if m.outcome == survived && e.is(m) {
			return true
		}
	}
	return false
}

// lookUp returns the entry that the mutant answers to, or nil.
func lookUp(list []*equivalent, m *mutant) *equivalent {
	for _, e := range list {
		if e.is(m) {
			e.seen = true
			return e
		}
	}
	return nil
}
