package edge

// What demo/worker/src/desk.js gives to Go. Each reads or writes Go's memory before it returns, and keeps no address.

//go:wasmimport desk ready
func ready()

// head writes the head of the request: as many bytes as it has been rung for.
//
//go:wasmimport desk head
func head(to *byte)

// read writes the next piece of the body, at most so long, and gives its length; 0 at the end.
//
//go:wasmimport desk read
func read(to *byte, most int32) int32

// put takes the answer.
//
//go:wasmimport desk answer
func put(status int32, fields string, body *byte, size int32)
