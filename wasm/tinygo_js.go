//go:build tinygo

package main

import (
	"unsafe"

	"github.com/fetch401/fetch401/wasm/session"
)

// main is never run: in c-shared mode TinyGo initialises the packages and
// leaves the rest to the exports.
func main() {}

// arc4random seeds TinyGo's maps. This one takes the place of libc's, which
// brings ChaCha20, printf and WASI with it: 7 KB. The program keys no map by
// anything that comes from outside, so a constant will do.
//
//export arc4random
func arc4random() uint32 { return 401 }

// numbers needs no copy: in 32 bits an Effect is five numbers.
func numbers(effects []session.Effect) unsafe.Pointer { return unsafe.Pointer(&effects[0]) }
