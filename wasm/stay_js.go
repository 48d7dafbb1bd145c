//go:build !tinygo

package main

import (
	"unsafe"

	"github.com/fetch401/fetch401/wasm/session"
)

// main keeps the program alive for its exports. TinyGo, in c-shared mode,
// never runs it, so that all set-up is in package initialisation.
func main() { select {} }

var out []int32

// numbers copies, since Go's strings hold addresses of 64 bits.
func numbers(effects []session.Effect) unsafe.Pointer {
	out = out[:0]
	for i := range effects {
		e := &effects[i]
		out = append(out, int32(e.Kind), e.Call, e.Number,
			address(unsafe.Pointer(unsafe.StringData(e.Text))), int32(len(e.Text)))
	}
	return unsafe.Pointer(&out[0])
}
