package backend

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"
)

// timed puts the time that the answer took into Server-Timing, where DevTools shows it. It measures by the real clock:
// sessions may live by a test's one.
func timed(serve http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve(&timingWriter{ResponseWriter: w, began: time.Now()}, r)
	})
}

// timingWriter also drops a second status, about which net/http would complain in the log.
type timingWriter struct {
	http.ResponseWriter
	began time.Time
	wrote bool
}

func (w *timingWriter) WriteHeader(status int) {
	if w.wrote {
		return
	}
	w.wrote = true
	ms := float64(time.Since(w.began).Microseconds()) / 1000
	w.Header().Set("Server-Timing", "app;dur="+strconv.FormatFloat(ms, 'f', -1, 64))
	w.ResponseWriter.WriteHeader(status)
}

func (w *timingWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.ResponseWriter.Write(p)
}

// rescue turns a panic into a 500. On Workers a panic would otherwise end the instance.
func (h *Handler) rescue(w http.ResponseWriter) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	h.fail(w, fmt.Errorf("backend: panic: %v\n%s", p, debug.Stack()))
}
