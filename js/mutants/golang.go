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
	"strconv"
	"strings"
)

const module = "github.com/fetch401/fetch401"

// goPackage is a package whose sources are changed.
type goPackage struct {
	name, folder string
	files        []string
	testers      []string // folders of the packages whose tests reach it, itself first
}

// listPackages returns the packages that can be tested natively.
func listPackages() ([]*goPackage, error) {
	out, err := exec.Command("go", "list", "-json=Name,ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,Deps", "./wasm/...", "./demo/backend").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	type listed struct {
		Name, ImportPath, Dir                    string
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
		p := &goPackage{name: l.Name, folder: filepath.ToSlash(folder)}
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
	in         *ast.FuncDecl // nil for declarations
}

// mutate returns the changes of a file.
func mutate(source []byte, file *ast.File, groups map[string]string) []change {
	base := file.FileStart
	var changes []change
	for _, decl := range file.Decls {
		m := mutator{source: source, base: base}
		var root ast.Node = decl
		owner := "declarations"
		f, ok := decl.(*ast.FuncDecl)
		if ok {
			if f.Body == nil {
				continue
			}
			owner, root, m.groups = f.Name.Name, f.Body, groups
		}
		m.collect(root)
		for _, e := range m.edits {
			changes = append(changes, change{int(e.from - base), int(e.to - base), e.texts, owner, f})
		}
	}
	return changes
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
