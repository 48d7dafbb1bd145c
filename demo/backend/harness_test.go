//go:build !js

package backend_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fetch401/fetch401/demo/backend"
)

// The tests of this package see the backend over HTTP only. With BACKEND_URL they run against a server that is already
// there, such as the Worker with D1; that one must allow foreignOrigin. What needs a clock of its own is then skipped.
const (
	backendURL    = "BACKEND_URL"
	foreignOrigin = "http://app.example:8499"
	plain         = `Bearer realm="fetch401 demo"`
)

// server is a backend under test.
type server struct {
	url    string
	remote bool
	millis *atomic.Int64
	log    *lockedBuffer

	mu     sync.Mutex
	tokens map[string]bool
}

// start gives the server under test; with changes of its configuration it is always one of its own.
func start(t *testing.T, changes ...func(*backend.Config)) *server {
	t.Helper()
	s := &server{millis: new(atomic.Int64), log: new(lockedBuffer), tokens: map[string]bool{}}
	if s.url = strings.TrimSuffix(os.Getenv(backendURL), "/"); s.url != "" {
		s.remote = true
		if len(changes) > 0 {
			t.Skip("needs a configuration of its own, not " + backendURL)
		}
		return s
	}
	s.millis.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixMilli())
	db, err := backend.OpenSQLite("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	secret := "a secret for tests only"
	keys, err := backend.DeriveKeys([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	config := backend.Config{
		DB: db, Keys: keys, AllowOrigins: []string{foreignOrigin}, Grace: backend.GraceWindow,
		Now: func() time.Time { return time.UnixMilli(s.millis.Load()) },
		Log: slog.New(slog.NewTextHandler(s.log, nil)),
	}
	for _, change := range changes {
		change(&config)
	}
	h, err := backend.New(config)
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(oneAnswer(t, h))
	t.Cleanup(served.Close)
	t.Cleanup(func() { s.mustNotLeak(t, "the log", s.log.String(), secret) })
	s.url = served.URL
	return s
}

// oneAnswer holds that a request is answered once, and that the answer is as long as it says. net/http would cut off what
// is too much without a word.
func oneAnswer(t *testing.T, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers := &answers{ResponseWriter: w}
		h.ServeHTTP(answers, r)
		length := w.Header().Get("Content-Length")
		if answers.bodies > 1 || answers.bodies == 1 && length != strconv.Itoa(answers.bytes) {
			t.Errorf("%s %s: %d answers of %d bytes, Content-Length %q", r.Method, r.URL.Path, answers.bodies, answers.bytes, length)
		}
	})
}

type answers struct {
	http.ResponseWriter
	bodies, bytes int
}

func (a *answers) Write(p []byte) (int, error) {
	a.bodies++
	a.bytes += len(p)
	return a.ResponseWriter.Write(p)
}

// pass lets time go by on the server. A test that calls it needs a server of its own.
func (s *server) pass(t *testing.T, d time.Duration) {
	t.Helper()
	if s.remote {
		t.Skip("needs a clock of its own, not " + backendURL)
	}
	s.millis.Add(d.Milliseconds())
}

// linger is pass for a few seconds that need not be exact: a server with a clock of its own is waited for.
func (s *server) linger(t *testing.T, d time.Duration) {
	t.Helper()
	if s.remote {
		time.Sleep(d)
		return
	}
	s.pass(t, d)
}

func (s *server) learn(token string) {
	if token == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[token] = true
}

func (s *server) mustNotLeak(t *testing.T, where, text string, more ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for token := range s.tokens {
		if len(token) > 8 && strings.Contains(text, token) {
			t.Errorf("%s holds a token: %.300s", where, text)
		}
	}
	for _, secret := range more {
		if strings.Contains(text, secret) {
			t.Errorf("%s holds a secret: %.300s", where, text)
		}
	}
}

var serverTiming = regexp.MustCompile(`^app;dur=\d+(\.\d+)?$`)

// checkAlways holds what is true of every answer of the backend.
func checkAlways(t *testing.T, s *server, a ask, r *http.Request, got answer) {
	t.Helper()
	where := a.method + " " + a.path
	want := func(name, value string) {
		t.Helper()
		if all := strings.Join(got.Header.Values(name), ", "); all != value {
			t.Errorf("%s: header %s is %q, want %q", where, name, all, value)
		}
	}
	want("Cache-Control", "no-store")
	want("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	want("Referrer-Policy", "no-referrer")
	want("X-Content-Type-Options", "nosniff")
	if timing := got.Header.Get("Server-Timing"); !serverTiming.MatchString(timing) {
		t.Errorf("%s: Server-Timing %q", where, timing)
	}
	for _, name := range []string{"Authorization", "Cookie", "Origin"} {
		if !strings.Contains(strings.Join(got.Header.Values("Vary"), ","), name) {
			t.Errorf("%s: Vary %q", where, got.Header.Values("Vary"))
		}
	}
	if r.Header.Get("Origin") == foreignOrigin {
		want("Access-Control-Allow-Origin", foreignOrigin)
		want("Access-Control-Allow-Credentials", "true")
		want("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After")
		want("Timing-Allow-Origin", foreignOrigin)
	} else if got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%s: an origin that is not allowed got CORS headers", where)
	}
	if got.StatusCode == http.StatusUnauthorized && got.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("%s: 401 without a challenge (RFC 9110 §15.5.2)", where)
	}
	if got.StatusCode == http.StatusForbidden && got.Header.Get("WWW-Authenticate") != "" {
		t.Errorf("%s: 403 with a challenge", where)
	}
	if got.StatusCode >= 400 {
		for name, values := range got.Header {
			if name != "Set-Cookie" {
				s.mustNotLeak(t, where+": header "+name, strings.Join(values, " "))
			}
		}
		s.mustNotLeak(t, where+": the body", got.text)
		if strings.HasPrefix(a.path, "/oauth/") && got.json["error"] != nil {
			return
		}
		if a.method == "HEAD" {
			return
		}
		want("Content-Type", "application/problem+json")
		if got.json["type"] != "about:blank" || got.json["title"] != http.StatusText(got.StatusCode) ||
			got.json["status"] != float64(got.StatusCode) || got.json["detail"] == "" || len(got.json) != 4 {
			t.Errorf("%s: not a problem of RFC 9457: %s", where, got.text)
		}
	}
}

func mustStatus(t *testing.T, got answer, status int) {
	t.Helper()
	if got.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d: %s", got.Request.Method, got.Request.URL.Path, got.StatusCode, status, got.text)
	}
}

func mustChallenge(t *testing.T, got answer, challenge string) {
	t.Helper()
	mustStatus(t, got, 401)
	if all := strings.Join(got.Header.Values("WWW-Authenticate"), ","); all != challenge {
		t.Fatalf("%s: challenge %q, want %q", got.Request.URL.Path, all, challenge)
	}
}

func invalid(description string) string {
	return plain + `, error="invalid_token", error_description="` + description + `"`
}

var modes = []string{"session", "bearer", "pair"}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
