package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// What every program that has all the changes of a package in it is told by its
// environment: which of them is the one that counts (0 for none, watching to
// write down which functions are run), and where to write that.
const (
	activeVariable = "FETCH401_MUTANT"
	seenVariable   = "FETCH401_SEEN"
	watching       = -1
)

// switchboard is the file that the package gets beside its own. It imports no
// more than what each program has.
const switchboard = `package %s

import (
	"os"
	"strconv"
	"sync"
)

var mutant401, _ = strconv.Atoi(os.Getenv("` + activeVariable + `"))

var seen401 = struct {
	sync.Mutex
	functions map[int]bool
}{functions: map[int]bool{}}

func see401(function int) {
	seen401.Lock()
	defer seen401.Unlock()
	if seen401.functions[function] {
		return
	}
	seen401.functions[function] = true
	file, err := os.OpenFile(os.Getenv("` + seenVariable + `"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if _, err := file.WriteString(strconv.Itoa(function) + "\n"); err != nil {
		panic(err)
	}
}
`

// function is a function of a file, and the changes that are made in it.
type function struct {
	*ast.FuncDecl
	number int
	jobs   []*job
}

// all returns the source of a file with all changes of its functions in it: each
// is a copy of its function, to which that leads when the change is the one
// that counts. So a package is compiled once, and not once a change.
func all(source []byte, file *ast.File, functions []*function) []byte {
	base := file.FileStart
	text := func(from, to token.Pos) string { return string(source[from-base : to-base]) }
	var out, copies bytes.Buffer
	at := base
	for _, f := range functions {
		signature, call := named(f.FuncDecl, text)
		out.WriteString(text(at, f.Pos()) + "func " + signature(f.Name.Name) + "{ switch mutant401 { case " + fmt.Sprint(watching) + fmt.Sprintf(": see401(%d);", f.number))
		for _, j := range f.jobs {
			name := fmt.Sprintf("%s401_%d", f.Name.Name, j.number)
			if f.Type.Results != nil {
				fmt.Fprintf(&out, "case %d: return %s;", j.number, call(name))
			} else {
				fmt.Fprintf(&out, "case %d: %s; return;", j.number, call(name))
			}
			// A mistake in the copy is reported with the number of its change.
			fmt.Fprintf(&copies, "\n//line %s%d:1\nfunc %s%s%s%s\n", copyName, j.number, signature(name),
				source[f.Body.Pos()-base:j.start], j.texts[0], source[j.end:f.Body.End()-base])
		}
		out.WriteString("};")
		at = f.Body.Lbrace + 1
	}
	out.Write(source[at-base:])
	out.Write(copies.Bytes())
	return out.Bytes()
}

// copyName begins the name of the file that a copy says to be from.
const copyName = "mutant401_"

// named returns how the function is declared under a name, with a name for each
// parameter, and how it is then called with them.
func named(f *ast.FuncDecl, text func(from, to token.Pos) string) (signature, call func(name string) string) {
	unnamed := 0
	list := func(fields *ast.FieldList) (declared string, names []string) {
		if fields == nil {
			return "", nil
		}
		var groups []string
		for _, field := range fields.List {
			var group []string
			for i := range max(len(field.Names), 1) {
				name := "_"
				if i < len(field.Names) {
					name = field.Names[i].Name
				}
				if name == "_" {
					unnamed++
					name = fmt.Sprintf("unnamed401_%d", unnamed)
				}
				group = append(group, name)
			}
			groups = append(groups, strings.Join(group, ", ")+" "+text(field.Type.Pos(), field.Type.End()))
			if _, rest := field.Type.(*ast.Ellipsis); rest {
				group[len(group)-1] += "..."
			}
			names = append(names, group...)
		}
		return "(" + strings.Join(groups, ", ") + ")", names
	}
	receiver, self := list(f.Recv)
	declared, names := list(f.Type.Params)
	results := ""
	if f.Type.Results != nil {
		results = " " + text(f.Type.Results.Pos(), f.Type.Results.End())
	}
	signature = func(name string) string { return receiver + " " + name + declared + results + " " }
	call = func(name string) string {
		if self != nil {
			name = self[0] + "." + name
		}
		return name + "(" + strings.Join(names, ", ") + ")"
	}
	return signature, call
}

// copied says that a function can have copies beside it.
func copied(f *ast.FuncDecl) bool {
	if f == nil || f.Type.TypeParams != nil || f.Recv == nil && (f.Name.Name == "init" || f.Name.Name == "main") {
		return false
	}
	if f.Recv == nil {
		return true
	}
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	_, plain := receiver.(*ast.Ident) // no type parameters
	return plain
}
