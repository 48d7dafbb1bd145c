//go:build !js

package backend_test

import (
	"net/http"
	"strings"
	"testing"
)

// guarded are the endpoints that act on a cookie, each with a request that it would obey.
var guarded = []struct{ path, body string }{
	{"/auth/login", "user=demo&password=demo"},
	{"/auth/refresh", ""},
	{"/auth/logout", ""},
	{"/api/echo", ""},
	{"/demo/expire", ""},
	{"/demo/revoke", ""},
	{"/demo/malform", ""},
	{"/demo/down", "seconds=0&what=all"},
	{"/demo/counts/reset", ""},
}

func TestForeignPagesCannotAct(t *testing.T) {
	s := start(t)
	own := s.url
	for _, c := range []struct {
		name, site, origin string
		cookies, passes    bool
	}{
		{"own page", "same-origin", own, true, true},
		{"own page, no Origin", "same-origin", "", true, true},
		{"typed by the person", "none", "", true, true},
		{"another site", "cross-site", "https://evil.example", true, false},
		{"another site, no cookies", "cross-site", "https://evil.example", false, false},
		{"another site that claims our origin", "cross-site", own, true, false},
		{"sibling host", "same-site", "http://sibling.localhost", true, false},
		{"unknown value", "same-planet", own, true, false},
		{"allowed origin", "cross-site", foreignOrigin, true, true},
		{"allowed origin, same site", "same-site", foreignOrigin, true, true},
		{"old browser, own page", "", own, true, true},
		{"old browser, other port", "", own + "1", true, false},
		{"old browser, other scheme", "", strings.Replace(own, "http", "ftp", 1), true, false},
		{"old browser, look-alike", "", own + ".evil.example", true, false},
		{"old browser, opaque origin", "", "null", true, false},
		{"old browser, allowed origin", "", foreignOrigin, true, true},
		{"allowed origin in other letters", "", strings.ToUpper(foreignOrigin), true, false},
		{"neither header, cookies", "", "", true, false},
		{"neither header, no cookies", "", "", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, g := range guarded {
				b := s.signIn(t, "session")
				header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
				if c.site != "" {
					header.Set("Sec-Fetch-Site", c.site)
				}
				if c.origin != "" {
					header.Set("Origin", c.origin)
				}
				if c.cookies {
					header.Set("Cookie", "__Host-access="+b.cookies["__Host-access"].Value+
						"; __Host-refresh="+b.cookies["__Host-refresh"].Value)
				}
				witness := b.clone()
				got := b.do(t, ask{method: "POST", path: g.path, header: header, bare: true, body: strings.NewReader(g.body)})
				if passed := got.StatusCode != 403; passed != c.passes {
					t.Errorf("%s: status %d", g.path, got.StatusCode)
				}
				if !c.passes {
					if len(got.Cookies()) != 0 {
						t.Errorf("%s: refused, and yet set %v", g.path, got.Cookies())
					}
					mustStatus(t, witness.get(t, "/api/hello"), 200)
				}
			}
		})
	}
	t.Run("two values", func(t *testing.T) {
		b := s.signIn(t, "session")
		for _, h := range []http.Header{
			{"Sec-Fetch-Site": {"same-origin", "cross-site"}, "Origin": {own}},
			{"Sec-Fetch-Site": {"same-origin", "cross-site"}, "Origin": {foreignOrigin}},
			{"Sec-Fetch-Site": {"same-origin, cross-site"}, "Origin": {foreignOrigin}},
			{"Sec-Fetch-Site": {"same-origin"}, "Origin": {own, "https://evil.example"}},
			{"Sec-Fetch-Site": {"same-origin"}, "Origin": {own + ", https://evil.example"}},
		} {
			if got := b.do(t, ask{method: "POST", path: "/auth/refresh", header: h}); got.StatusCode != 403 {
				t.Errorf("%q: status %d", h, got.StatusCode)
			}
		}
	})
}

// Reading changes nothing, and the token endpoint takes no cookie: where a request comes from does not matter there.
func TestForeignPagesMayRead(t *testing.T) {
	b := start(t).signIn(t, "session")
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/api/hello", 200}, {"GET", "/api/me", 200}, {"GET", "/api/items/1", 200}, {"GET", "/elsewhere", 200},
		{"GET", "/api/slow?ms=0", 200}, {"GET", "/api/scope", 401}, {"GET", "/api/stepup", 401}, {"GET", "/api/basic", 401},
		{"GET", "/api/broken", 401}, {"GET", "/api/redirect", 302}, {"GET", "/api/public", 200}, {"GET", "/demo/counts", 200},
		{"POST", "/oauth/token", 400},
	} {
		got := b.do(t, ask{method: c.method, path: c.path, header: http.Header{
			"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}})
		mustStatus(t, got, c.status)
	}
	got := b.do(t, ask{method: "GET", path: "/api/forbidden", header: http.Header{"Sec-Fetch-Site": {"cross-site"}}})
	mustStatus(t, got, 403)
	if got.json["detail"] != "you are signed in, and this is not for you" {
		t.Errorf("detail %v", got.json["detail"])
	}
}

// Without CORS headers on a 401 or 503 a page sees a network error, and no status at all. do checks them.
func TestCORSOnEveryAnswer(t *testing.T) {
	s := start(t)
	b := s.signIn(t, "session")
	ask := func(method, path string, status int) {
		t.Helper()
		got := b.do(t, ask{method: method, path: path, header: http.Header{
			"Origin": {foreignOrigin}, "Sec-Fetch-Site": {"cross-site"}}})
		mustStatus(t, got, status)
	}
	ask("GET", "/api/hello", 200)
	ask("GET", "/api/forbidden", 403)
	ask("GET", "/api/scope", 401)
	ask("GET", "/api/basic", 401)
	ask("GET", "/api/nothing", 404)
	ask("PUT", "/api/hello", 405)
	ask("GET", "/api/redirect", 302)
	ask("GET", "/api/redirect?to=x", 400)
	ask("GET", "/api/slow?ms=x", 422)
	ask("POST", "/auth/login", 415)
	ask("POST", "/oauth/token", 400)
	ask("POST", "/auth/refresh", 200)
	mustStatus(t, b.post(t, "/demo/down", "seconds", "9", "what", "all"), 204)
	ask("GET", "/api/hello", 503)
	ask("POST", "/auth/refresh", 503)
	mustStatus(t, b.post(t, "/demo/revoke"), 204)
	mustStatus(t, b.post(t, "/demo/down", "seconds", "0", "what", "all"), 204)
	ask("GET", "/api/hello", 401)
	ask("POST", "/auth/refresh", 401)
}

func TestPreflight(t *testing.T) {
	b := start(t).browser()
	for _, path := range []string{"/api/hello", "/api/echo", "/api/nothing", "/auth/refresh", "/oauth/token"} {
		preflight := func(origin string) answer {
			return b.do(t, ask{method: "OPTIONS", path: path, bare: true, header: http.Header{
				"Origin": {origin}, "Access-Control-Request-Method": {"POST"},
				"Access-Control-Request-Headers": {"authorization,content-type,x-csrf"}}})
		}
		got := preflight(foreignOrigin)
		mustStatus(t, got, 204)
		for name, want := range map[string]string{
			"Access-Control-Allow-Methods": "GET, HEAD, POST",
			"Access-Control-Allow-Headers": "Authorization, Content-Type, X-CSRF",
			"Access-Control-Max-Age":       "600",
		} {
			if got.Header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.Header.Get(name))
			}
		}
		// OPTIONS alone is no preflight, and learns nothing of one.
		bare := b.do(t, ask{method: "OPTIONS", path: path, bare: true, header: http.Header{"Origin": {foreignOrigin}}})
		mustStatus(t, bare, 204)
		if bare.Header.Get("Access-Control-Allow-Methods") != "" {
			t.Errorf("%s: OPTIONS without a method was answered as a preflight", path)
		}
		for _, origin := range []string{"https://evil.example", "null", foreignOrigin + ".evil.example", foreignOrigin + "0"} {
			got := preflight(origin)
			if got.Header.Get("Access-Control-Allow-Headers") != "" || got.Header.Get("Access-Control-Allow-Methods") != "" {
				t.Errorf("%s: %s may call", path, origin)
			}
		}
	}
}
