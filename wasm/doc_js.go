// Command wasm is the part of fetch401 that decides, compiled to WebAssembly.
// The gate, in JavaScript, keeps every Request, Response, body, promise and
// token; it tells this program what happened by numbers and a little text, and
// carries out the effects that it answers with.
//
// The door between the two is a set of exported functions (go:wasmexport)
// rather than js.FuncOf, which costs 14 to 50 µs a call and leaks under
// TinyGo. Text goes in through one buffer and out as addresses in the
// program's memory. Nothing here calls back into the gate, so an export never
// blocks and never meets itself.
//
// The program compiles with standard Go and with TinyGo, and leaves out what
// makes either large: no goroutines, recover, fmt, net/url, encoding/json,
// time or net/http. URLs and JSON are the JavaScript engine's work.
package main
