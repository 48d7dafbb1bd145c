package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// The parts of a WebAssembly program that the build reads (WebAssembly Core
// §5.5).
const (
	headerSize    = 8
	importSection = 2
	exportSection = 7
)

type section struct {
	id   byte
	body []byte
}

var errCutShort = errors.New("the WebAssembly program is cut short")

func sections(program []byte) ([]section, error) {
	if len(program) < headerSize || !bytes.HasPrefix(program, []byte("\x00asm")) {
		return nil, errors.New("not a WebAssembly program")
	}
	var all []section
	for rest := program[headerSize:]; len(rest) > 0; {
		size, n := binary.Uvarint(rest[1:])
		if n <= 0 || uint64(len(rest)-1-n) < size {
			return nil, errCutShort
		}
		end := 1 + n + int(size)
		all = append(all, section{rest[0], rest[1+n : end]})
		rest = rest[end:]
	}
	return all, nil
}

// imports gives the names of the functions that the program imports. Each
// import is two names, one byte for its kind, here always a function, and the
// index of its type.
func imports(program []byte) ([]string, error) {
	all, err := sections(program)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range all {
		if s.id != importSection {
			continue
		}
		rest := s.body
		number := func() uint64 {
			value, n := binary.Uvarint(rest)
			if n <= 0 {
				err, n = errCutShort, len(rest)
			}
			rest = rest[n:]
			return value
		}
		text := func() string {
			size := number()
			if size > uint64(len(rest)) {
				err, size = errCutShort, uint64(len(rest))
			}
			name := string(rest[:size])
			rest = rest[size:]
			return name
		}
		for count := number(); count > 0 && err == nil; count-- {
			text()
			names = append(names, text())
			if kind := number(); kind != 0 {
				return nil, errors.New("the WebAssembly program imports something else than functions")
			}
			number()
		}
	}
	return names, err
}
