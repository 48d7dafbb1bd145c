package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// unused are exports that TinyGo adds for C programs. Nothing calls them, and
// they keep a hash map and half of the allocator's code alive.
var unused = map[string]bool{"malloc": true, "free": true, "calloc": true, "realloc": true, "arc4random": true}

// features are those that TinyGo's wasm target uses, and that every browser
// with WebAssembly streaming has. --all-features would write an import section
// that only the newest ones read.
var features = []string{"--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext", "--enable-mutable-globals"}

// trim takes the unused exports out of the program, what only they need, and
// what it needs only to begin.
func (c *compiler) trim(wasm string) error {
	if err := strip(wasm, unused); err != nil {
		return err
	}
	if err := c.evaluate(wasm); err != nil {
		return err
	}
	return run(exec.Command(c.binaryen("wasm-opt"), append(features,
		"-Oz", "--converge", "--flatten", "--rereloop", "-Oz", "-Oz",
		// The stack ends below 1,024: no address there is meant by counting on from another.
		"--low-memory-unused",
		// What compilers write of themselves, for linkers.
		"--strip-producers", "--strip-target-features",
		wasm, "-o", wasm)...))
}

// strip takes exports out of the program.
func strip(wasm string, names map[string]bool) error {
	program, err := os.ReadFile(wasm)
	if err != nil {
		return err
	}
	if program, err = withoutExports(program, names); err != nil {
		return fmt.Errorf("%s: %w", wasm, err)
	}
	return os.WriteFile(wasm, program, 0o644)
}

// binaryen is a tool of the Binaryen whose wasm-opt TinyGo itself uses.
func (c *compiler) binaryen(tool string) string {
	if path := os.Getenv("WASMOPT"); path != "" {
		return filepath.Join(filepath.Dir(path), tool)
	}
	bin := filepath.Dir(c.command[0])
	for _, path := range []string{filepath.Join(bin, tool), filepath.Join(bin, "..", "npm", "node_modules", ".bin", tool)} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return tool
}

func withoutExports(program []byte, names map[string]bool) ([]byte, error) {
	sections, err := sections(program)
	if err != nil {
		return nil, err
	}
	out := append([]byte{}, program[:headerSize]...)
	for _, s := range sections {
		if s.id == exportSection {
			if s.body, err = keepExports(s.body, names); err != nil {
				return nil, err
			}
		}
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(s.body)))
		out = append(out, s.body...)
	}
	return out, nil
}

// keepExports rewrites an export section: a count, and then for each export
// its name, one byte for its kind and its index.
func keepExports(body []byte, without map[string]bool) ([]byte, error) {
	count, n := binary.Uvarint(body)
	if n <= 0 {
		return nil, errCutShort
	}
	var kept []byte
	left := uint64(0)
	for rest := body[n:]; count > 0; count-- {
		size, n := binary.Uvarint(rest)
		if n <= 0 || uint64(len(rest)-n) < size+2 {
			return nil, errCutShort
		}
		_, index := binary.Uvarint(rest[n+int(size)+1:])
		if index <= 0 {
			return nil, errCutShort
		}
		end := n + int(size) + 1 + index
		if !without[string(rest[n:n+int(size)])] {
			kept = append(kept, rest[:end]...)
			left++
		}
		rest = rest[end:]
	}
	return append(binary.AppendUvarint(nil, left), kept...), nil
}
