//go:build !js

package backend_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

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
