//go:build !js

package backend_test

import (
	"net/http"
	"testing"
)

// Of two cookies with one name somebody else has set one. Neither counts then, and the session is as it was.
func TestTwoCookiesOfOneName(t *testing.T) {
	s := start(t)
	ask := func(method, path, cookies string) answer {
		t.Helper()
		return s.browser().do(t, ask{method: method, path: path, bare: true,
			header: http.Header{"Cookie": {cookies}, "Sec-Fetch-Site": {"same-origin"}}})
	}
	b := s.signIn(t, "session")
	access, refresh := "__Host-access="+b.cookies["__Host-access"].Value, "__Host-refresh="+b.holds()
	for name, pair := range map[string][2]string{
		"the very same":  {access + "; " + access, refresh + "; " + refresh},
		"planted first":  {"__Host-access=x; " + access, "__Host-refresh=x; " + refresh},
		"planted second": {access + "; a=b; __Host-access=x", refresh + "; a=b; __Host-refresh=x"},
		"planted empty":  {access + "; __Host-access=", "__Host-refresh=; " + refresh},
	} {
		t.Run(name, func(t *testing.T) {
			mustChallenge(t, ask("GET", "/api/hello", pair[0]), invalid("the access token is malformed"))
			got := ask("POST", "/auth/refresh", pair[1])
			mustStatus(t, got, 400)
			if len(got.Cookies()) != 0 {
				t.Errorf("a refused refresh set %v", got.Cookies())
			}
			mustChallenge(t, ask("GET", "/demo/counts", pair[0]+"; "+pair[1]), plain)
			mustStatus(t, ask("POST", "/auth/logout", pair[1]), 204)
		})
	}
	mustStatus(t, b.renew(t), 200)
	if n := b.count(t, "refreshes"); n != 1 {
		t.Errorf("%d refreshes counted", n)
	}
}
