// Package edge keeps a Go program alive between the requests of a Worker. The way of syumai/workers, whose bindings and
// D1 driver the demo uses, ends the program after one request: that costs a new instance, some 20 ms of CPU, for each.
// Its way of handing a request over is left aside too: it takes some hundred values of syscall/js, each with a finalizer
// and a call back to free it, and splits every field of the header at its commas, also within quotes.
//
// The JavaScript beside this package (demo/worker/src) holds the instances in a pool and brings one request at a time
// to each. It lays what belongs to the request on a desk, where Go picks it up as bytes, by functions that Go imports
// and exports. An answer is complete before it leaves Go, so an instance that has answered owes nobody anything; what
// would stream for long is not for this package.
package edge

import (
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
)

// laid says how much lies on the desk, in bytes.
type laid struct{ head, body int32 }

var bell = make(chan laid, 1)

// ring tells that a request lies on the desk. It only notes that: what serves goes on when JavaScript resumes Go.
//
//lint:ignore U1000 JavaScript calls it
//go:wasmexport serve
func ring(head, body int32) { bell <- laid{head, body} }

// Serve answers the requests that the pool brings, and never returns. All are served by one goroutine, so that its stack
// grows once and not for each.
func Serve(h http.Handler) {
	ready()
	for {
		ended := make(chan struct{})
		go func() {
			defer close(ended) // by a handler's runtime.Goexit
			for l := range bell {
				serve(h, l)
			}
		}()
		<-ended
	}
}

// serve answers one request. A panic costs the request that it happens in.
func serve(h http.Handler, l laid) {
	a := &answer{head: http.Header{}}
	defer a.send()
	r, err := pickUp(l)
	if err != nil {
		a.WriteHeader(http.StatusBadRequest)
		a.complete = true
		return
	}
	defer r.Body.Close()
	defer rescue()
	h.ServeHTTP(a, r)
	a.complete = true
}

// rescue keeps the instance when a handler panics.
func rescue() {
	p := recover()
	if p != nil && p != http.ErrAbortHandler {
		fmt.Fprintf(os.Stderr, "edge: panic: %v\n%s", p, debug.Stack())
	}
}
