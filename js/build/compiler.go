package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The TinyGo that the sources are tested with, and the Go that it accepts.
const (
	tinygoVersion   = "0.39.0"
	tinygoToolchain = "go1.25.1"
)

// compiler turns wasm/ into a WebAssembly program.
type compiler struct {
	note    string   // which one it is, for people
	command []string // without output and package
	env     []string
	exec    string // standard Go's wasm_exec.js
	tiny    bool
}

// choose finds the compiler of that name.
func choose(name string) (*compiler, error) {
	switch name {
	case "go":
		return standard("standard Go")
	case "tinygo":
		return tinygo()
	case "auto":
		c, err := tinygo()
		if err == nil {
			return c, nil
		}
		return standard(fmt.Sprintf("standard Go, which makes a larger program (%v)", err))
	}
	return nil, fmt.Errorf("-compiler %q is none of auto, tinygo and go", name)
}

func standard(note string) (*compiler, error) {
	root, err := output(exec.Command("go", "env", "GOROOT"))
	if err != nil {
		return nil, err
	}
	return &compiler{
		note:    note,
		command: []string{"go", "build", "-trimpath", "-ldflags=-s -w"},
		env:     []string{"GOOS=js", "GOARCH=wasm"},
		exec:    filepath.Join(root, "lib", "wasm", "wasm_exec.js"),
	}, nil
}

func tinygo() (*compiler, error) {
	path, err := findTinyGo()
	if err != nil {
		return nil, err
	}
	env := []string{"GOTOOLCHAIN=" + tinygoToolchain}
	cmd := exec.Command(path, "version")
	cmd.Env = append(os.Environ(), env...)
	version, err := output(cmd)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(version, "tinygo version "+tinygoVersion+" ") {
		return nil, fmt.Errorf("%s is %q, not version %s", path, version, tinygoVersion)
	}
	return &compiler{
		note: "TinyGo " + tinygoVersion,
		command: []string{path, "build", "-target", "wasm", "-buildmode", "c-shared", "-scheduler", "none",
			"-gc", "conservative", "-panic", "trap", "-no-debug", "-opt", "z"},
		env:  env,
		tiny: true,
	}, nil
}

func findTinyGo() (string, error) {
	if path := os.Getenv("TINYGO"); path != "" {
		return path, nil
	}
	if path, err := exec.LookPath("tinygo"); err == nil {
		return path, nil
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		cache = filepath.Join(home, ".cache")
	}
	path := filepath.Join(cache, "fetch401", "tinygo-"+tinygoVersion, "bin", "tinygo")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("no TinyGo %s at hand: `make tinygo` installs it", tinygoVersion)
	}
	return path, nil
}

func (c *compiler) compile(wasm string) error {
	target, err := filepath.Abs(wasm)
	if err != nil {
		return err
	}
	args := append(append([]string{}, c.command[1:]...), "-o", target, "./wasm")
	cmd := exec.Command(c.command[0], args...)
	cmd.Env = append(os.Environ(), c.env...)
	if err := run(cmd); err != nil || !c.tiny {
		return err
	}
	return c.trim(wasm)
}

func output(cmd *exec.Cmd) (string, error) {
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%v: %w", cmd.Args, err)
	}
	return strings.TrimSpace(string(text)), nil
}
