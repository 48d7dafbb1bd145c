package main

import (
	"net/http"

	"github.com/syumai/workers"

	"github.com/fetch401/fetch401/demo/worker/edge"
)

// main does what edge.Serve does, and notes before how syumai/workers splits a field.
func main() {
	adapted := edge.Adapt(routes())
	workers.ServeNonBlock(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		split = r.Header.Values("WWW-Authenticate")
		adapted.ServeHTTP(w, r)
	}))
	workers.Ready()
	select {}
}
