package protocol_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strings"
	"testing"
	"unicode"
)

const script = "../../js/src/protocol.js"

var rewrite = flag.Bool("rewrite", false, "write the constants into "+script)

// TestJavaScript holds js/src/protocol.js against this package.
func TestJavaScript(t *testing.T) {
	want := generate(t)
	if *rewrite {
		if err := os.WriteFile(script, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale: run go generate ./wasm/protocol", script)
	}
}

// generate writes each constant of protocol.go, in its order, with its comment.
func generate(t *testing.T) []byte {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "protocol.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := new(types.Config).Check("protocol", set, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	out.WriteString(`/**
 * The numbers that pass the door to the Go program. Written from wasm/protocol by go generate: change them there.
 * @module
 */
`)
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		if group.Lparen.IsValid() {
			fmt.Fprintf(&out, "\n// %s\n", line(group.Doc.Text()))
		}
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			name := value.Names[0].Name
			doc := line(value.Doc.Text())
			if !group.Lparen.IsValid() {
				doc = line(group.Doc.Text())
				out.WriteByte('\n')
			}
			if doc != "" {
				fmt.Fprintf(&out, "/** %s */\n", strings.ReplaceAll(doc, name, upper(name)))
			}
			number, _ := constant.Int64Val(checked.Scope().Lookup(name).(*types.Const).Val())
			fmt.Fprintf(&out, "export const %s = %d;\n", upper(name), number)
		}
	}
	return out.Bytes()
}

func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// upper writes a Go name as JavaScript has it: NoLogin becomes NO_LOGIN.
func upper(name string) string {
	var out strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToUpper(r))
	}
	return out.String()
}
