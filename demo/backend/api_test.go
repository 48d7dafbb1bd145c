//go:build !js

package backend_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fetch401/fetch401/demo/backend"
)

// protected are all endpoints that let in only a good access token, and what they then answer.
var protected = map[string]struct {
	status    int
	challenge string
}{
	"/api/hello":     {200, ""},
	"/api/me":        {200, ""},
	"/api/items/7":   {200, ""},
	"/api/slow?ms=0": {200, ""},
	"/elsewhere":     {200, ""},
	"/api/forbidden": {403, ""},
	"/api/scope": {401, plain +
		`, error="insufficient_scope", error_description="more permission is needed", scope="admin"`},
	"/api/stepup": {401, plain +
		`, error="insufficient_user_authentication", error_description="a second factor is needed", acr_values="mfa"`},
}

func TestProtectedEndpoints(t *testing.T) {
	s := start(t)
	for path, want := range protected {
		t.Run(path, func(t *testing.T) {
			for _, mode := range modes {
				b := s.signIn(t, mode)
				got := b.get(t, path)
				mustStatus(t, got, want.status)
				if got.Header.Get("WWW-Authenticate") != want.challenge {
					t.Errorf("challenge %q, want %q", got.Header.Get("WWW-Authenticate"), want.challenge)
				}
				mustStatus(t, b.post(t, "/demo/expire"), 204)
				mustChallenge(t, b.get(t, path), invalid("the access token expired"))
				mustStatus(t, b.renew(t), 200)
				mustStatus(t, b.get(t, path), want.status)
				mustStatus(t, b.post(t, "/demo/down", "seconds", "60", "what", "api"), 204)
				mustStatus(t, b.get(t, path), 503)
				mustStatus(t, b.post(t, "/demo/down", "seconds", "0", "what", "api"), 204)
				mustStatus(t, b.post(t, "/demo/revoke"), 204)
				mustChallenge(t, b.get(t, path), invalid("the session has ended"))
			}
			mustChallenge(t, s.browser().get(t, path), plain)
		})
	}
}

func TestCredentialsThatAreNone(t *testing.T) {
	s := start(t)
	b := s.signIn(t, "bearer")
	head, rest, _ := strings.Cut(b.bearer, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	malformed := invalid("the access token is malformed")
	for name, c := range map[string]struct {
		header    http.Header
		challenge string
	}{
		"other scheme":     {http.Header{"Authorization": {"Basic ZGVtbzpkZW1v"}}, plain},
		"scheme alone":     {http.Header{"Authorization": {"Bearer"}}, malformed},
		"garbage":          {http.Header{"Authorization": {"Bearer this.is.garbage"}}, malformed},
		"twice":            {http.Header{"Authorization": {"Bearer " + b.bearer, "Bearer " + b.bearer}}, malformed},
		"no signature":     {http.Header{"Authorization": {"Bearer " + head + "." + payload + "."}}, malformed},
		"cut":              {http.Header{"Authorization": {"Bearer " + b.bearer[:len(b.bearer)-2]}}, malformed},
		"other payload":    {http.Header{"Authorization": {"Bearer " + head + "." + payload[:len(payload)-2] + "AA." + signature}}, malformed},
		"alg none":         {http.Header{"Authorization": {"Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0." + payload + "."}}, malformed},
		"refresh token":    {http.Header{"Authorization": {"Bearer " + b.refreshToken}}, malformed},
		"empty cookie":     {http.Header{"Cookie": {"__Host-access="}}, malformed},
		"garbage cookie":   {http.Header{"Cookie": {"__Host-access=garbage"}}, malformed},
		"other cookie":     {http.Header{"Cookie": {"access=" + b.bearer}}, plain},
		"no mark of ours":  {http.Header{"Authorization": {"Bearer malformed.AAAA.BBBB"}}, malformed},
		"header first":     {http.Header{"Authorization": {"Bearer x"}, "Cookie": {"__Host-access=" + b.bearer}}, malformed},
		"lower-case works": {http.Header{"Authorization": {"bearer  " + b.bearer}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := b.do(t, ask{method: "GET", path: "/api/hello", bare: true, header: c.header})
			if c.challenge == "" {
				mustStatus(t, got, 200)
				return
			}
			mustChallenge(t, got, c.challenge)
		})
	}
}

func TestAccessTokenExpiresToTheMillisecond(t *testing.T) {
	s := start(t)
	b := s.browser()
	mustStatus(t, b.post(t, "/auth/login", "user", "demo", "password", "demo", "lifetime", "1"), 200)
	s.pass(t, 999*time.Millisecond)
	got := b.get(t, "/api/me")
	mustStatus(t, got, 200)
	if got.json["expires_in"] != 1.0 || got.json["mode"] != "session" || got.json["subject"] != "demo" {
		t.Errorf("me %s", got.text)
	}
	s.pass(t, time.Millisecond)
	mustChallenge(t, b.get(t, "/api/me"), invalid("the access token expired"))
	if n := b.count(t, "unauthorized"); n != 1 {
		t.Errorf("%d unauthorized counted", n)
	}
}

func TestWhatEndpointsAnswer(t *testing.T) {
	b := start(t).signIn(t, "session")
	mustStatus(t, b.renew(t), 200)
	for path, want := range map[string]string{
		"/api/hello":     `{"generation":1,"hello":"demo"}`,
		"/elsewhere":     `{"generation":1,"hello":"demo"}`,
		"/api/me":        `{"expires_in":60,"mode":"session","subject":"demo"}`,
		"/api/items/7":   `{"generation":1,"item":7}`,
		"/api/slow?ms=0": `{"generation":1,"waited":0}`,
		"/api/public":    `{"public":true}`,
	} {
		got := b.get(t, path)
		if got.text != want+"\n" || got.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s %s", path, got.Header.Get("Content-Type"), got.text)
		}
	}
}

func TestOpenEndpoints(t *testing.T) {
	s := start(t)
	for _, b := range []*browser{s.browser(), s.signIn(t, "session"), s.signIn(t, "bearer")} {
		mustStatus(t, b.get(t, "/api/public"), 200)
		mustChallenge(t, b.get(t, "/api/basic"), `Basic realm="printer", charset="UTF-8"`)
		mustChallenge(t, b.get(t, "/api/broken"), invalid("this endpoint takes no token"))
		mustStatus(t, b.get(t, "/api/nothing"), 404)
		mustStatus(t, b.get(t, "/auth/nothing"), 404)
		mustStatus(t, b.get(t, "/oauth/nothing"), 404)
		mustStatus(t, b.get(t, "/demo/nothing"), 404)
		if !s.remote { // where files are served, other paths are theirs
			mustStatus(t, b.get(t, "/nothing"), 404)
		}
	}
}

func TestItems(t *testing.T) {
	b := start(t).signIn(t, "session")
	if got := b.get(t, "/api/items/42"); got.json["item"] != 42.0 {
		t.Errorf("item %s", got.text)
	}
	mustStatus(t, b.get(t, "/api/items/4294967295"), 200)
	for _, n := range []string{"x", "-1", "1.5", "1a", "4294967296", "99999999999", "%2e%2e"} {
		mustStatus(t, b.get(t, "/api/items/"+n), 404)
	}
}

func TestMethods(t *testing.T) {
	b := start(t).signIn(t, "session")
	for _, c := range []struct{ method, path, allow string }{
		{"POST", "/api/hello", "GET, HEAD"}, {"DELETE", "/api/items/1", "GET, HEAD"},
		{"GET", "/auth/refresh", "POST"}, {"PUT", "/oauth/token", "POST"}, {"HEAD", "/auth/login", "POST"},
	} {
		got := b.do(t, ask{method: c.method, path: c.path})
		mustStatus(t, got, 405)
		if got.Header.Get("Allow") != c.allow {
			t.Errorf("%s %s: Allow %q", c.method, c.path, got.Header.Get("Allow"))
		}
	}
	mustStatus(t, b.do(t, ask{method: "HEAD", path: "/api/hello"}), 200)
}

func TestRedirectGoesToItsListOnly(t *testing.T) {
	b := start(t).browser()
	for _, to := range []string{
		"/api/hello", "/api/me", "/api/items/1", "/api/public", "/api/forbidden", "/api/scope", "/api/stepup", "/api/basic",
		"/api/broken", "/elsewhere",
	} {
		got := b.get(t, "/api/redirect?to="+to)
		mustStatus(t, got, 302)
		if got.Header.Get("Location") != to {
			t.Errorf("Location %q", got.Header.Get("Location"))
		}
	}
	if got := b.get(t, "/api/redirect"); got.Header.Get("Location") != "/api/hello" {
		t.Errorf("Location %q", got.Header.Get("Location"))
	}
	for _, to := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "/api/hello%0d%0aX:y", "/other", "/api/../x"} {
		mustStatus(t, b.get(t, "/api/redirect?to="+to), 400)
	}
}

// What is not an endpoint is none of the pages either: a page for an answer would look like a good one.
func TestPagesHaveNoEndpoints(t *testing.T) {
	pages := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	b := start(t, func(c *backend.Config) { c.Pages = pages }).browser()
	for _, path := range []string{"/api/nothing", "/auth/nothing", "/oauth/nothing", "/demo/nothing", "/api/"} {
		mustStatus(t, b.get(t, path), 404)
	}
}
