package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestSeam keeps the program small and its decisions pure: only wasm/page
// meets the browser, and nothing of ours imports what makes a TinyGo build
// large or what it cannot do (goroutines, recover).
func TestSeam(t *testing.T) {
	browser := map[string]bool{"syscall/js": true, "honnef.co/go/js/dom/v2": true}
	large := map[string]bool{"fmt": true, "net/url": true, "encoding/json": true, "time": true, "net/http": true, "reflect": true, "sync": true, "strconv": true}
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if browser[name] && filepath.Dir(path) != "page" {
				t.Errorf("%s imports %s: only wasm/page meets the browser", path, name)
			}
			if large[name] {
				t.Errorf("%s imports %s, which makes the program large", path, name)
			}
		}
		for _, what := range forbidden(file) {
			t.Errorf("%s: %s", path, what)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Fatalf("only %d files were looked at", files)
	}
}
