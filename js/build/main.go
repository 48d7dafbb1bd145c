// Command build makes js/dist: the Go program compiled to WebAssembly, the
// script and the module around it, and their compressed copies.
//
//	go run ./js/build [-compiler auto|tinygo|go] [-out js/dist]
//
// It runs in the root of the repository and needs Go alone: esbuild is a Go
// tool of this module, and Brotli a library of it. TinyGo is taken where it is
// at hand (TINYGO, then the PATH, then where `make tinygo` puts it) and its
// version is the one that the sources are tested with; otherwise standard Go.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

func main() {
	compiler := flag.String("compiler", "auto", "auto, tinygo or go")
	out := flag.String("out", "js/dist", "the `folder` to write")
	flag.Parse()
	if err := build(*compiler, *out); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func build(name, out string) error {
	if _, err := os.Stat("wasm/door_js.go"); err != nil {
		return fmt.Errorf("wasm/door_js.go not found: run it in the root of the repository")
	}
	c, err := choose(name)
	if err != nil {
		return err
	}
	fmt.Println("compiler:", c.note)
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	wasm := filepath.Join(out, "fetch401.wasm")
	if err := c.compile(wasm); err != nil {
		return err
	}
	glue, err := c.glue(wasm)
	if err != nil {
		return err
	}
	if err := bundle(glue, out); err != nil {
		return err
	}
	for _, name := range []string{"fetch401.d.ts", "fetch401.auto.d.ts"} {
		types, err := os.ReadFile(filepath.Join("js", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, name), types, 0o644); err != nil {
			return err
		}
	}
	if err := pack(out); err != nil {
		return err
	}
	return writeTag(out)
}

// digests are the names that js/src/gate/digests.js has for them.
var digests = map[string]string{"fetch401.wasm": "__WASM__", "fetch401.program.js": "__PROGRAM__", "fetch401.trace.js": "__TRACE__"}

// bundle makes the script and the parts that it runs, around the glue, and the
// module, which has the program's half in it. Whoever loads a file has its
// digest, so each comes after those that it loads.
func bundle(glue, out string) error {
	work, err := os.MkdirTemp("", "fetch401-build")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	path := filepath.Join(work, "glue.js")
	if err := os.WriteFile(path, []byte(glue), 0o644); err != nil {
		return err
	}
	version, err := version()
	if err != nil {
		return err
	}
	for _, target := range []struct {
		source, format, file string
		loads                []string
	}{
		{"trace.js", "iife", "fetch401.trace.js", nil},
		{"program.js", "iife", "fetch401.program.js", []string{"fetch401.trace.js"}},
		{"script.js", "iife", "fetch401.js", []string{"fetch401.wasm", "fetch401.program.js"}},
		{"module.js", "esm", "fetch401.mjs", []string{"fetch401.wasm", "fetch401.trace.js"}},
		{"auto.js", "esm", "fetch401.auto.mjs", nil},
	} {
		arguments := []string{"tool", "esbuild", "js/src/entry/" + target.source,
			"--bundle", "--minify", "--charset=utf8", "--target=es2022", "--log-level=warning", "--legal-comments=none",
			"--format=" + target.format,
			"--alias:fetch401-glue=" + path,
			"--external:./fetch401.mjs",
			"--define:__VERSION__=" + version,
			"--outfile=" + filepath.Join(out, target.file)}
		for name, constant := range digests {
			value := ""
			if slices.Contains(target.loads, name) {
				if value, err = digest(filepath.Join(out, name)); err != nil {
					return err
				}
			}
			arguments = append(arguments, fmt.Sprintf("--define:%s=%q", constant, value))
		}
		if err := run(exec.Command("go", arguments...)); err != nil {
			return err
		}
	}
	return nil
}

// version is the version in package.json, as a JSON string.
func version() (string, error) {
	text, err := os.ReadFile("js/package.json")
	if err != nil {
		return "", err
	}
	var manifest struct{ Version json.RawMessage }
	if err := json.Unmarshal(text, &manifest); err != nil {
		return "", fmt.Errorf("js/package.json: %w", err)
	}
	return string(manifest.Version), nil
}

func run(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%v: %w", cmd.Args[:2], err)
	}
	return nil
}
