package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// slow is how long the tests of a mutant may take: a loop without end counts
// as caught.
const slow = 30 * time.Second

// goPackage is a package whose sources are changed.
type goPackage struct {
	path, folder string
	files        []string
	testers      []string // folders of the packages whose tests reach it, itself first
}

// listPackages returns the packages that can be tested natively.
func listPackages() ([]*goPackage, error) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,Deps", "./wasm/...", "./demo/backend").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	type listed struct {
		ImportPath, Dir                          string
		GoFiles, TestGoFiles, XTestGoFiles, Deps []string
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var l listed
		if err := d.Decode(&l); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	var packages []*goPackage
	for _, l := range all {
		folder, err := filepath.Rel(root, l.Dir)
		if err != nil {
			return nil, err
		}
		if len(l.GoFiles) == 0 {
			continue
		}
		p := &goPackage{path: l.ImportPath, folder: filepath.ToSlash(folder)}
		for _, name := range l.GoFiles {
			p.files = append(p.files, p.folder+"/"+name)
		}
		for _, other := range all {
			tested := len(other.TestGoFiles)+len(other.XTestGoFiles) > 0
			switch {
			case other.ImportPath == l.ImportPath && tested:
				p.testers = append([]string{other.ImportPath}, p.testers...)
			case tested && contains(other.Deps, l.ImportPath):
				p.testers = append(p.testers, other.ImportPath)
			}
		}
		packages = append(packages, p)
	}
	return packages, nil
}

// chosen are the files of the package that are asked for.
func (p *goPackage) chosen(only []string) []string {
	if len(only) == 0 || contains(only, p.folder) {
		return p.files
	}
	var files []string
	for _, file := range p.files {
		if contains(only, file) {
			files = append(files, file)
		}
	}
	return files
}

// try changes the files, and runs the tests of each change.
func (p *goPackage) try(files []string, workers int) ([]*mutant, error) {
	groups, err := constants(p.files)
	if err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "fetch401-mutants")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	if result, said := p.test(work, "", nil); result != survived {
		return nil, fmt.Errorf("the tests of %s fail without any change:\n%s", p.folder, said)
	}
	type job struct {
		*mutant
		versions [][]byte
	}
	var mutants []*mutant
	var jobs []job
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		edits, err := mutate(file, source, groups)
		if err != nil {
			return nil, err
		}
		for _, e := range edits {
			m := &mutant{folder: p.folder, file: file, owner: e.owner}
			var versions [][]byte
			for _, text := range e.texts {
				versions = append(versions, bytes.Join([][]byte{source[:e.start], []byte(text), source[e.end:]}, nil))
			}
			m.line, m.before, m.after = describe(source, e.start, e.end, e.texts[0])
			mutants = append(mutants, m)
			jobs = append(jobs, job{m, versions})
		}
	}
	queue := make(chan job)
	var running sync.WaitGroup
	for i := range workers {
		running.Add(1)
		go func() {
			defer running.Done()
			desk := filepath.Join(work, strconv.Itoa(i))
			for j := range queue {
				for _, version := range j.versions {
					if j.outcome, _ = p.test(desk, j.file, version); j.outcome != unviable {
						break
					}
				}
			}
		}()
	}
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	running.Wait()
	return mutants, nil
}

// test runs the tests that reach the package with one of its files replaced,
// and gives what they said where one failed.
func (p *goPackage) test(desk, file string, version []byte) (outcome, string) {
	if err := os.MkdirAll(desk, 0o755); err != nil {
		return unviable, err.Error()
	}
	overlay := filepath.Join(desk, "overlay.json")
	replaced := map[string]string{}
	if file != "" {
		path, err := filepath.Abs(file)
		if err != nil {
			return unviable, err.Error()
		}
		replaced[path] = filepath.Join(desk, "mutant.go")
		if err := os.WriteFile(replaced[path], version, 0o644); err != nil {
			return unviable, err.Error()
		}
	}
	text, _ := json.Marshal(map[string]any{"Replace": replaced})
	if err := os.WriteFile(overlay, text, 0o644); err != nil {
		return unviable, err.Error()
	}
	binary := filepath.Join(desk, "it.test")
	for _, tester := range p.testers {
		if said, err := exec.Command("go", "test", "-c", "-ldflags=-s -w", "-overlay", overlay, "-o", binary, tester).CombinedOutput(); err != nil {
			return unviable, string(said)
		}
		ctx, stop := context.WithTimeout(context.Background(), slow)
		// A loop that collects for ever must not take the machine's memory.
		cmd := exec.CommandContext(ctx, "sh", "-c", `ulimit -v 6000000; exec "$0" -test.failfast`, binary)
		cmd.Dir = "." + strings.TrimPrefix(tester, module)
		said, err := cmd.CombinedOutput()
		stop()
		if err != nil {
			return caught, string(said)
		}
	}
	return survived, ""
}

const module = "github.com/fetch401/fetch401"

// constants returns the constants of the files and of the packages of ours that
// they import, each with the next one of its group: enumerations and words,
// not quantities.
func constants(files []string) (map[string]string, error) {
	groups := map[string]string{}
	set := token.NewFileSet()
	add := func(file *ast.File, prefix string) {
		for _, decl := range file.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.CONST {
				continue
			}
			var names []string
			for _, spec := range d.Specs {
				v := spec.(*ast.ValueSpec)
				if len(v.Values) == 1 {
					if l, ok := v.Values[0].(*ast.BasicLit); ok && l.Kind != token.STRING {
						continue
					}
				}
				if prefix == "" || v.Names[0].IsExported() {
					names = append(names, v.Names[0].Name)
				}
			}
			for i, name := range names {
				if len(names) > 1 {
					groups[prefix+name] = prefix + names[(i+1)%len(names)]
				}
			}
		}
	}
	for _, path := range files {
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return nil, err
		}
		add(file, "")
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			folder, ours := strings.CutPrefix(name, module+"/")
			if !ours {
				continue
			}
			others, err := filepath.Glob(folder + "/*.go")
			if err != nil {
				return nil, err
			}
			for _, other := range others {
				imported, err := parser.ParseFile(set, other, nil, 0)
				if err != nil {
					return nil, err
				}
				add(imported, imported.Name.Name+".")
			}
		}
	}
	return groups, nil
}

// change is an edit by offsets, with the function that it is in.
type change struct {
	start, end int
	texts      []string
	owner      string
}

// mutate returns the changes of a file.
func mutate(name string, source []byte, groups map[string]string) ([]change, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	base := file.FileStart
	var changes []change
	for _, decl := range file.Decls {
		m := mutator{source: source, base: base}
		var root ast.Node = decl
		owner := "declarations"
		if f, ok := decl.(*ast.FuncDecl); ok {
			if f.Body == nil {
				continue
			}
			owner, root, m.groups = f.Name.Name, f.Body, groups
		}
		m.collect(root)
		for _, e := range m.edits {
			changes = append(changes, change{int(e.from - base), int(e.to - base), e.texts, owner})
		}
	}
	return changes, nil
}

// describe gives the number of the line that an edit begins in, that line, and
// what it and those after it become.
func describe(source []byte, start, end int, text string) (line int, before, after string) {
	from := bytes.LastIndexByte(source[:start], '\n') + 1
	to := len(source)
	if i := bytes.IndexByte(source[end:], '\n'); i >= 0 {
		to = end + i
	}
	first, _, _ := bytes.Cut(source[from:to], []byte("\n"))
	changed := string(source[from:start]) + text + string(source[end:to])
	return bytes.Count(source[:start], []byte("\n")) + 1, strings.TrimSpace(string(first)), strings.Join(strings.Fields(changed), " ")
}
