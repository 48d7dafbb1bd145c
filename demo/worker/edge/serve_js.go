// Package edge keeps a Go program alive between the requests of a Worker. It stands on the adapter of syumai/workers,
// whose own Serve ends the program after one request: that costs a new instance, some 20 ms of CPU, for each.
//
// The JavaScript beside this package (demo/worker/src) holds the instances in a pool and brings one request at a time
// to each. It lays what belongs to the request on a desk, as few values: each one that crosses the border costs, and the
// adapter's own way takes dozens for the header alone. An answer is complete before it leaves Go, so an instance that
// has answered owes nobody anything; what would stream for long is not for this package.
package edge

import (
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"syscall/js"

	"github.com/syumai/workers"
)

// desk is this instance's own, as the context is to syumai/workers.
var desk = js.Global().Get("context").Get("desk")

// Serve answers the requests that the pool brings, and returns only with the instance.
func Serve(h http.Handler) {
	workers.ServeNonBlock(Adapt(h))
	workers.Ready()
	select {}
}

// Adapt makes a handler take its request from the desk and put its answer there. A panic costs the request that it
// happens in.
func Adapt(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// With a body of its own the adapter's answer needs no pipe, and it is the pipe that would end the program.
		w.(rawBody).WriteRawJSBody(js.Null())
		a := &answer{head: http.Header{}}
		defer a.send()
		r = pickUp(r)
		defer r.Body.Close()
		defer rescue()
		h.ServeHTTP(a, r)
		a.complete = true
	})
}

// rawBody is what the adapter's ResponseWriter offers beside a pipe.
type rawBody interface{ WriteRawJSBody(js.Value) }

// rescue keeps the instance when a handler panics.
func rescue() {
	p := recover()
	if p != nil && p != http.ErrAbortHandler {
		fmt.Fprintf(os.Stderr, "edge: panic: %v\n%s", p, debug.Stack())
	}
}
