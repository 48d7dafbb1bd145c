package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// early are the properties of the page that the program reads while it begins,
// for package syscall/js. Each is a reference that js/src/program/glue-tinygo.js holds
// at the same place of its table.
var early = []struct {
	property string
	function bool
}{
	{"Object", true}, {"Array", true},
}

// firstEarly is the place of the first of them, after TinyGo's own and the one
// for text.
const firstEarly = 7

// earlyValues is how the glue's table ends.
func earlyValues() string {
	var names []string
	for _, e := range early {
		names = append(names, e.property)
	}
	return strings.Join(names, ", ") + "]"
}

// evaluate runs the beginning of the program at build time and keeps the memory
// as it is then. What only the beginning needs goes: the setting up of package
// time's map, which dom/v2 brings along, and with it all code of hash maps.
// 1,040 bytes of Brotli less, and no Go runs while the page loads.
//
// Binaryen's wasm-ctor-eval stops at an import, so a small module stands in
// between that answers what is asked for early, and later passes everything on.
// The tools come with Binaryen, not with a TinyGo release: without them the
// program is larger and the same.
func (c *compiler) evaluate(wasm string) error {
	for _, tool := range []string{"wasm-as", "wasm-merge", "wasm-ctor-eval"} {
		if _, err := exec.LookPath(c.binaryen(tool)); err != nil {
			fmt.Printf("no %s of Binaryen 132 at hand: the program is 1 KB larger than it could be\n", tool)
			return nil
		}
	}
	work, err := os.MkdirTemp("", "fetch401-build")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	text, stand, merged := filepath.Join(work, "stand.wat"), filepath.Join(work, "stand.wasm"), filepath.Join(work, "merged.wasm")
	if err := os.WriteFile(text, []byte(standIn()), 0o644); err != nil {
		return err
	}
	for _, command := range [][]string{
		{"wasm-as", text, "-o", stand},
		{"wasm-merge", wasm, "main", stand, "gojs", "-o", merged},
		{"wasm-ctor-eval", "--quiet", "--ctors=_initialize," + begun, "--kept-exports=_initialize", merged, "-o", wasm},
	} {
		if err := run(exec.Command(c.binaryen(command[0]), append(command[1:], features...)...)); err != nil {
			return err
		}
	}
	// An export that was evaluated is gone; the name occurs nowhere else.
	program, err := os.ReadFile(wasm)
	if err != nil {
		return err
	}
	if strings.Contains(string(program), begun) {
		return fmt.Errorf("the program does more while it begins than js/build/evaluate.go expects: wasm-ctor-eval without --quiet says what")
	}
	return strip(wasm, tinyImports)
}

// begun is the export that ends the beginning.
const begun = "the beginning is over"

// standIn is the module between the program and the glue, as WebAssembly text.
// A property is known by its first four bytes, and one that is not known stops
// the evaluation.
func standIn() string {
	var answers strings.Builder
	for i, e := range early {
		// The high half tells a reference and its kind, 1 an object and 4 a function.
		kind := 1
		if e.function {
			kind = 4
		}
		p := e.property
		fmt.Fprintf(&answers, "(if (i32.eq (i32.load align=1 (local.get $at)) (i32.const 0x%02x%02x%02x%02x)) (then (return (i64.const 0x%08x%08x))))\n",
			p[3], p[2], p[1], p[0], 0x7ff80000|kind, firstEarly+i)
	}
	return `(module
(import "js" "syscall/js.valueGet" (func $get (param i64 i32 i32) (result i64)))
(import "js" "syscall/js.valuePrepareString" (func $prepare (param i32 i64)))
(import "js" "syscall/js.valueLoadString" (func $load (param i64 i32 i32 i32)))
(import "js" "syscall/js.finalizeRef" (func $finalize (param i64)))
(import "main" "memory" (memory 1))
(export "syscall/js.valuePrepareString" (func $prepare))
(export "syscall/js.valueLoadString" (func $load))
(export "syscall/js.finalizeRef" (func $finalize))
(global $early (mut i32) (i32.const 1))
(func (export "` + begun + `") (global.set $early (i32.const 0)))
(func (export "syscall/js.valueGet") (param $object i64) (param $at i32) (param $length i32) (result i64)
(if (global.get $early) (then
` + answers.String() + `(unreachable)))
(call $get (local.get $object) (local.get $at) (local.get $length))))
`
}
