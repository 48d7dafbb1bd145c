// Command adapter answers with a field of the request's header as syumai/workers hands it over.
package main

import (
	"encoding/json"
	"net/http"

	"github.com/syumai/workers"
)

func main() {
	workers.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(r.Header.Values("WWW-Authenticate"))
	}))
}
