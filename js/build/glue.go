package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// glue is the module that starts the program: it exports boot(exit), which
// gives the program's imports, and run, which starts it. exit is called when
// the program ends.
func (c *compiler) glue(wasm string) (string, error) {
	if c.tiny {
		return tinyGlue(wasm)
	}
	source, err := os.ReadFile(c.exec)
	if err != nil {
		return "", err
	}
	return standardGlue(string(source))
}

// standardGlue makes it of Go's own wasm_exec.js, which belongs to that version
// of Go and so is copied at each build. As it is, it puts Go, fs, process and
// path on window, where pages that test `typeof process` then take themselves
// for Node, and it prints panics line by line. Here all of that stays inside.
func standardGlue(source string) (string, error) {
	source = regexp.MustCompile(`globalThis\.(fs|process|path|Go)\b`).ReplaceAllString(source, "scope.$1")
	// An element with a name would stand in front of a member of document.
	get := "Reflect.get(loadValue(sp + 8), loadString(sp + 16))"
	if !strings.Contains(source, get) {
		return "", fmt.Errorf("wasm_exec.js of this Go version reads properties otherwise than expected: see standardGlue in js/build/glue.go")
	}
	source = strings.Replace(source, get, "read(loadValue(sp + 8), loadString(sp + 16))", 1)
	inner := regexp.MustCompile(`([^.\w])fs\.writeSync\(`)
	if !inner.MatchString(source) || !strings.Contains(source, "scope.Go = class") {
		return "", fmt.Errorf("wasm_exec.js of this Go version reads otherwise than expected: see standardGlue in js/build/glue.go")
	}
	source = inner.ReplaceAllString(source, "${1}scope.fs.writeSync(")
	return `const scope = {};
const read = (target, name) => Reflect.get(target === document ? Document.prototype : target, name, target);
` + source + `
// A panic is reported once, by its code, and not in a hundred lines.
scope.fs.writeSync = (fd, bytes) => bytes.length;
export const boot = (exit) => {
  const go = new scope.Go();
  go.exit = exit;
  return {
    imports: go.importObject,
    async run(instance) {
      // Package syscall reads these from the global object while it is set up, and never again.
      const names = ["fs", "process", "path"];
      const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
      for (const name of names) Object.defineProperty(globalThis, name, { value: scope[name], configurable: true, writable: true });
      try {
        go.run(instance).catch(exit);
      } finally {
        names.forEach((name, i) => {
          if (before[i]) Object.defineProperty(globalThis, name, before[i]);
          else delete globalThis[name];
        });
      }
    },
  };
};
`, nil
}

// tinyImports are what js/src/program/glue-tinygo.js gives to a program.
var tinyImports = map[string]bool{
	"syscall/js.valueGet":           true,
	"syscall/js.valuePrepareString": true,
	"syscall/js.valueLoadString":    true,
	"syscall/js.finalizeRef":        true,
}

// tinyGlue is the project's own, once the program is known to need no more.
func tinyGlue(wasm string) (string, error) {
	program, err := os.ReadFile(wasm)
	if err != nil {
		return "", err
	}
	names, err := imports(program)
	if err != nil {
		return "", fmt.Errorf("%s: %w", wasm, err)
	}
	for _, name := range names {
		if !tinyImports[name] {
			return "", fmt.Errorf("the program imports %s, which js/src/program/glue-tinygo.js does not give: let wasm/page do without it, or add it there and to tinyImports", name)
		}
	}
	glue, err := os.ReadFile("js/src/program/glue-tinygo.js")
	if err == nil && !strings.Contains(string(glue), earlyValues()) {
		err = fmt.Errorf("the first references of js/src/program/glue-tinygo.js must end with %q, as early in js/build/evaluate.go does", earlyValues())
	}
	return string(glue), err
}
