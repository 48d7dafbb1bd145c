//go:build !js

package backend_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
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
	served := httptest.NewServer(h)
	t.Cleanup(served.Close)
	t.Cleanup(func() { s.mustNotLeak(t, "the log", s.log.String(), secret) })
	s.url = served.URL
	return s
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

// browser is a client with cookies of its own. Go's jar keeps Secure cookies from plain http, which browsers do not on
// localhost.
type browser struct {
	*server
	mu      sync.Mutex
	cookies map[string]*http.Cookie
	// bearer is sent as Authorization unless empty.
	bearer string
	// refreshToken is the one of bearer mode.
	refreshToken string
}

func (s *server) browser() *browser { return &browser{server: s, cookies: map[string]*http.Cookie{}} }

// answer is a response that has been read.
type answer struct {
	*http.Response
	text string
	json map[string]any
}

// ask is one request. Unset fields are what a same-origin fetch of a page sends.
type ask struct {
	method, path string
	header       http.Header
	body         io.Reader
	// bare leaves out cookies, the bearer token and Fetch Metadata.
	bare bool
}

var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	// workerd closes a connection that has been idle for 5 s, maybe in the moment in which a POST is sent on it.
	Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 2 * time.Second, DisableCompression: true},
}

func (b *browser) do(t *testing.T, a ask) answer {
	t.Helper()
	r, err := http.NewRequest(a.method, b.url+a.path, a.body)
	if err != nil {
		t.Fatal(err)
	}
	if !a.bare {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if b.bearer != "" {
			r.Header.Set("Authorization", "Bearer "+b.bearer)
		}
		b.mu.Lock()
		for _, c := range b.cookies {
			if strings.HasPrefix(r.URL.Path, c.Path) {
				r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
			}
		}
		b.mu.Unlock()
	}
	for name, values := range a.header {
		r.Header[name] = values
	}
	for _, c := range r.Cookies() {
		b.learn(c.Value)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", a.method, a.path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: read: %v", a.method, a.path, err)
	}
	got := answer{Response: resp, text: string(body)}
	if strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(body, &got.json); err != nil && a.method != "HEAD" {
			t.Errorf("%s %s: not JSON: %q", a.method, a.path, body)
		}
	}
	b.keep(got)
	checkAlways(t, b.server, a, r, got)
	return got
}

// keep takes over cookies and bearer tokens as a browser and a page would.
func (b *browser) keep(got answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range got.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
			continue
		}
		b.learn(c.Value)
		b.cookies[c.Name] = c
	}
	for _, name := range []string{"access_token", "refresh_token"} {
		if token, ok := got.json[name].(string); ok {
			b.learn(token)
		}
	}
}

// checkAlways holds what is true of every answer of the backend.
func checkAlways(t *testing.T, s *server, a ask, r *http.Request, got answer) {
	t.Helper()
	where := a.method + " " + a.path
	want := func(name, value string) {
		t.Helper()
		if !strings.Contains(strings.Join(got.Header.Values(name), ", "), value) {
			t.Errorf("%s: header %s is %q, want %q in it", where, name, got.Header.Values(name), value)
		}
	}
	want("Cache-Control", "no-store")
	want("Server-Timing", "app;dur=")
	want("X-Content-Type-Options", "nosniff")
	for _, name := range []string{"Authorization", "Cookie", "Origin"} {
		want("Vary", name)
	}
	if r.Header.Get("Origin") == foreignOrigin {
		want("Access-Control-Allow-Origin", foreignOrigin)
		want("Access-Control-Allow-Credentials", "true")
		want("Access-Control-Expose-Headers", "WWW-Authenticate")
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

func (b *browser) get(t *testing.T, path string) answer {
	t.Helper()
	return b.do(t, ask{method: "GET", path: path})
}

// post sends a form; without fields there is no body.
func (b *browser) post(t *testing.T, path string, fields ...string) answer {
	t.Helper()
	a := ask{method: "POST", path: path}
	if len(fields) > 0 {
		a.header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		a.body = strings.NewReader(form(fields...))
	}
	return b.do(t, a)
}

func form(fields ...string) string {
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return v.Encode()
}

// signIn gives a browser with a session of one mode.
func (s *server) signIn(t *testing.T, mode string) *browser {
	t.Helper()
	b := s.browser()
	got := b.post(t, "/auth/login", "user", "demo", "password", "demo", "mode", mode, "lifetime", "60")
	mustStatus(t, got, 200)
	b.bearer, _ = got.json["access_token"].(string)
	b.refreshToken, _ = got.json["refresh_token"].(string)
	return b
}

// renew refreshes the way the mode does, and takes over what comes back.
func (b *browser) renew(t *testing.T) answer {
	t.Helper()
	var got answer
	if b.refreshToken != "" {
		got = b.exchange(t, b.refreshToken)
	} else {
		got = b.post(t, "/auth/refresh")
	}
	if token, ok := got.json["access_token"].(string); ok {
		b.bearer = token
	}
	if token, ok := got.json["refresh_token"].(string); ok {
		b.refreshToken = token
	}
	return got
}

func (b *browser) exchange(t *testing.T, token string) answer {
	t.Helper()
	return b.do(t, ask{method: "POST", path: "/oauth/token", bare: true,
		header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		body:   strings.NewReader(form("grant_type", "refresh_token", "refresh_token", token, "client_id", "demo"))})
}

func (b *browser) count(t *testing.T, name string) int {
	t.Helper()
	got := b.get(t, "/demo/counts")
	mustStatus(t, got, 200)
	n, ok := got.json[name].(float64)
	if !ok {
		t.Fatalf("counts have no %s: %s", name, got.text)
	}
	return int(n)
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
