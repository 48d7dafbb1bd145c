package backend

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// late is a body of which the server has waited for the rest as long as it may.
type late struct{}

func (late) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// A body that does not come is a 408, at the token endpoint, too: of an OAuth error a client would make no second try.
func TestLateBodies(t *testing.T) {
	keys := fixedKeys(t)
	h := &Handler{keys: keys, now: time.Now}
	act := h.control(func(w http.ResponseWriter, r *http.Request, id string) error { return h.down(w, r, id) })
	for name, serve := range map[string]http.HandlerFunc{"sign-in": h.login, "grant": h.token, "control": act} {
		r := httptest.NewRequest("POST", "/", late{})
		r.Header.Set("Content-Type", formType)
		if name == "control" {
			r.AddCookie(newRefreshCookie(keys.text(refreshToken{inCookie, newFamilyID(), 0}), 1))
		}
		w := httptest.NewRecorder()
		serve(w, r)
		if w.Code != 408 || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	// Whatever else goes wrong on the way is a body that is not whole.
	r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("a=b"), broken{}))
	r.Header.Set("Content-Type", formType)
	w := httptest.NewRecorder()
	if h.login(w, r); w.Code != 400 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// net/http shows the host beside a bare path, and TLS by its state; on Workers all is in the URL.
func TestOwnOrigin(t *testing.T) {
	natively := httptest.NewRequest("POST", "/auth/refresh", nil)
	natively.Host = "localhost:8401"
	tls := httptest.NewRequest("POST", "https://app.example/auth/refresh", nil)
	tls.URL.Scheme, tls.URL.Host = "", ""
	worker := httptest.NewRequest("POST", "https://edge.example/auth/refresh", nil)
	worker.TLS, worker.Host = nil, ""
	both := httptest.NewRequest("POST", "http://inside.example/auth/refresh", nil)
	both.Host = "outside.example"
	for want, r := range map[string]*http.Request{
		"http://localhost:8401": natively, "https://app.example": tls, "https://edge.example": worker, "http://outside.example": both,
	} {
		if got := ownOrigin(r); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestServerTimingIsInMilliseconds(t *testing.T) {
	w := httptest.NewRecorder()
	timed := &timingWriter{ResponseWriter: w, began: time.Now().Add(-time.Hour)}
	timed.WriteHeader(http.StatusTeapot)
	ms, err := strconv.ParseFloat(strings.TrimPrefix(w.Header().Get("Server-Timing"), "app;dur="), 64)
	if err != nil || ms < 3_600_000 || ms > 3_602_000 {
		t.Errorf("Server-Timing %q", w.Header().Get("Server-Timing"))
	}
}

// wroteTwice counts the statuses that reach the server.
type wroteTwice struct {
	http.ResponseWriter
	statuses int
}

func (w *wroteTwice) WriteHeader(status int) {
	w.statuses++
	w.ResponseWriter.WriteHeader(status)
}

// A panic after the answer has begun does not write a second status, of which net/http would complain.
func TestOneStatus(t *testing.T) {
	h := &Handler{log: slog.New(slog.DiscardHandler)}
	recorded := httptest.NewRecorder()
	w := &wroteTwice{ResponseWriter: recorded}
	h.dynamic("GET", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "begun")
		panic("boom")
	}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.statuses != 1 || recorded.Code != 200 || !strings.HasPrefix(recorded.Body.String(), "begun") {
		t.Errorf("%d statuses, %d %q", w.statuses, recorded.Code, recorded.Body)
	}
}

// A client that has left is waited for no longer.
func TestWaitEndsWithItsClient(t *testing.T) {
	gone, leave := context.WithCancel(t.Context())
	leave()
	began := time.Now()
	wait(nil, httptest.NewRequest("GET", "/", nil).WithContext(gone), 10*time.Second)
	if took := time.Since(began); took >= 10*time.Second {
		t.Errorf("it took %v", took)
	}
	began = time.Now()
	wait(nil, httptest.NewRequest("GET", "/", nil), 20*time.Millisecond)
	if took := time.Since(began); took < 20*time.Millisecond {
		t.Errorf("it took %v only", took)
	}
}

// A downtime may end between the statement that met it and the answer.
func TestRetryAfterIsASecondAtLeast(t *testing.T) {
	for left, want := range map[int64]string{-5000: "1", 0: "1", 1: "1", 1000: "1", 1001: "2"} {
		w := httptest.NewRecorder()
		writeDown(w, 10_000+left, 10_000)
		if got := w.Header().Get("Retry-After"); got != want {
			t.Errorf("%d ms left: Retry-After %s, want %s", left, got, want)
		}
	}
}

// A preflight's answer is complete: 204 has no body (RFC 9110 §15.3.5), and no endpoint runs.
func TestPreflightIsAnsweredOnce(t *testing.T) {
	h := &Handler{log: slog.New(slog.DiscardHandler)}
	for _, method := range []string{"GET", "POST", ""} {
		served := false
		w := httptest.NewRecorder()
		h.dynamic(method, func(http.ResponseWriter, *http.Request) { served = true }).ServeHTTP(w, httptest.NewRequest("OPTIONS", "/", nil))
		if w.Code != 204 || w.Body.Len() > 0 || served {
			t.Errorf("%s: %d %q, served %v", method, w.Code, w.Body, served)
		}
	}
}
