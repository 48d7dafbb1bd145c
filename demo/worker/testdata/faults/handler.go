// Command faults misbehaves on request, for the tests of the pool. It is built for Workers and natively.
package main

import (
	"encoding/json"
	"net/http"
	"os"
	"runtime"
	"time"
)

// served counts what this very program has answered.
var (
	served int
	kept   [][]byte
)

func routes() http.Handler {
	mux := http.NewServeMux()
	for path, act := range map[string]func(http.ResponseWriter, *http.Request){
		"/ok":     func(http.ResponseWriter, *http.Request) {},
		"/panic":  func(http.ResponseWriter, *http.Request) { panic("on purpose") },
		"/abort":  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"/goexit": func(http.ResponseWriter, *http.Request) { runtime.Goexit() },
		"/exit":   func(http.ResponseWriter, *http.Request) { os.Exit(3) },
		"/fatal":  func(http.ResponseWriter, *http.Request) { go panic("in no handler"); time.Sleep(time.Minute) },
		"/hang":   func(http.ResponseWriter, *http.Request) { select {} },
		"/wait":   func(http.ResponseWriter, *http.Request) { time.Sleep(300 * time.Millisecond) },
		"/tell": func(http.ResponseWriter, *http.Request) {
			os.Stderr.WriteString("begun\n")
			time.Sleep(300 * time.Millisecond)
		},
		"/timer": func(http.ResponseWriter, *http.Request) { time.AfterFunc(time.Minute, func() {}) },
		"/stopped": func(http.ResponseWriter, *http.Request) {
			time.AfterFunc(time.Minute, func() {}).Stop()
		},
		"/memory": func(http.ResponseWriter, *http.Request) { kept = append(kept, make([]byte, 32<<20)) },
		"/half": func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte("half of"))
			panic("in the middle")
		},
		"/twice": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("WWW-Authenticate", `Bearer realm="a, b", error="x"`)
			w.WriteHeader(http.StatusUnauthorized)
			w.Header().Set("Late", "yes")
			w.WriteHeader(http.StatusInternalServerError)
		},
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			served++
			act(w, r)
			json.NewEncoder(w).Encode(map[string]any{"served": served})
		})
	}
	mux.HandleFunc("/header", func(w http.ResponseWriter, r *http.Request) {
		var cookies []string
		for _, c := range r.Cookies() {
			cookies = append(cookies, c.Value)
		}
		json.NewEncoder(w).Encode(map[string]any{"cookies": cookies, "challenge": r.Header.Values("WWW-Authenticate")})
	})
	return mux
}
