//go:build !js

package backend_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The clock of the test stands still: all of this happens within one millisecond.
func TestExpireWithinTheSameMillisecond(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b := s.signIn(t, mode)
			for range 3 {
				mustStatus(t, b.get(t, "/api/hello"), 200)
				mustStatus(t, b.post(t, "/demo/expire"), 204)
				mustChallenge(t, b.get(t, "/api/hello"), invalid("the access token expired"))
				mustStatus(t, b.renew(t), 200)
			}
			mustStatus(t, b.get(t, "/api/hello"), 200)
		})
	}
}

func TestRevokeEndsOneSessionOnly(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b, other := s.signIn(t, mode), s.signIn(t, mode)
			mustStatus(t, b.post(t, "/demo/revoke"), 204)
			mustChallenge(t, b.get(t, "/api/hello"), invalid("the session has ended"))
			if got := b.get(t, "/demo/counts"); got.json["ended"] != true || got.json["mode"] != mode {
				t.Errorf("counts %s", got.text)
			}
			mustRefuse(t, b, b.renew(t))
			mustStatus(t, other.get(t, "/api/hello"), 200)
			mustStatus(t, other.renew(t), 200)
		})
	}
}

func TestMalform(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b := s.signIn(t, mode)
			got := b.post(t, "/demo/malform")
			if mode == "session" {
				mustStatus(t, got, 204)
			} else {
				mustStatus(t, got, 200)
				b.bearer = got.json["access_token"].(string)
			}
			mustChallenge(t, b.get(t, "/api/hello"), invalid("the access token is malformed"))
			// The garbage is good for nothing, and yet counted where it belongs.
			if n := b.count(t, "unauthorized"); n != 1 {
				t.Errorf("%d unauthorized counted", n)
			}
			mustStatus(t, b.renew(t), 200)
			mustStatus(t, b.get(t, "/api/hello"), 200)
		})
	}
}

func TestDown(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		for what, want := range map[string]struct{ api, refresh int }{
			"api": {503, 200}, "refresh": {200, 503}, "all": {503, 503},
		} {
			t.Run(mode+" "+what, func(t *testing.T) {
				b, other := s.signIn(t, mode), s.signIn(t, mode)
				mustStatus(t, b.post(t, "/demo/down", "seconds", "60", "what", what), 204)
				api := b.get(t, "/api/hello")
				mustStatus(t, api, want.api)
				refresh := b.renew(t)
				mustStatus(t, refresh, want.refresh)
				for _, got := range []answer{api, refresh} {
					if got.StatusCode != 503 {
						continue
					}
					if n, err := strconv.Atoi(got.Header.Get("Retry-After")); err != nil || n < 1 || n > 60 {
						t.Errorf("Retry-After %q", got.Header.Get("Retry-After"))
					}
				}
				mustStatus(t, other.get(t, "/api/hello"), 200)
				mustStatus(t, other.renew(t), 200)
				mustStatus(t, b.post(t, "/demo/down", "seconds", "0", "what", what), 204)
				mustStatus(t, b.get(t, "/api/hello"), 200)
				mustStatus(t, b.renew(t), 200)
			})
		}
	}
}

func TestDownEndsByItself(t *testing.T) {
	s := start(t)
	b := s.signIn(t, "session")
	mustStatus(t, b.post(t, "/demo/down", "seconds", "2", "what", "all"), 204)
	for _, c := range []struct {
		pass time.Duration
		left string
	}{{0, "2"}, {999 * time.Millisecond, "2"}, {time.Millisecond, "1"}, {500 * time.Millisecond, "1"}, {499 * time.Millisecond, "1"}} {
		s.pass(t, c.pass)
		got := b.get(t, "/api/hello")
		mustStatus(t, got, 503)
		if got.Header.Get("Retry-After") != c.left {
			t.Errorf("Retry-After %q, want %s", got.Header.Get("Retry-After"), c.left)
		}
	}
	s.pass(t, time.Millisecond)
	mustStatus(t, b.get(t, "/api/hello"), 200)
	mustStatus(t, b.renew(t), 200)
	mustStatus(t, b.post(t, "/demo/down", "seconds", "1", "what", "all"), 204)
	mustStatus(t, b.get(t, "/api/hello"), 503)
}

func TestDownBadInput(t *testing.T) {
	b := start(t).signIn(t, "session")
	if got := b.post(t, "/demo/down", "what", "all"); got.json["detail"] != "field seconds: is missing" {
		t.Errorf("detail %v", got.json["detail"])
	}
	for _, fields := range [][]string{
		{"what", "all"}, {"seconds", "61", "what", "all"}, {"seconds", "-1", "what", "all"}, {"seconds", "1"},
		{"seconds", "1", "what", "page"}, {"seconds", "x", "what", "api"}, {"seconds", "", "what", "api"},
	} {
		mustStatus(t, b.post(t, "/demo/down", fields...), 422)
	}
	got := b.do(t, ask{method: "POST", path: "/demo/down", header: http.Header{"Content-Type": {"application/json"}},
		body: strings.NewReader(`{"seconds":1,"what":`)})
	mustStatus(t, got, 400)
	mustStatus(t, b.post(t, "/demo/down"), 415)
	mustStatus(t, b.get(t, "/api/hello"), 200)
}

func TestCounts(t *testing.T) {
	b := start(t).signIn(t, "session")
	mustStatus(t, b.get(t, "/api/hello"), 200)
	mustStatus(t, b.post(t, "/demo/expire"), 204)
	for n := range 5 {
		mustStatus(t, b.get(t, "/api/items/"+strconv.Itoa(n)), 401)
	}
	mustStatus(t, b.renew(t), 200)
	mustStatus(t, b.get(t, "/api/scope"), 401)
	mustStatus(t, b.get(t, "/api/broken"), 401)
	mustStatus(t, b.get(t, "/api/basic"), 401)
	mustStatus(t, b.get(t, "/api/forbidden"), 403)
	mustStatus(t, b.post(t, "/demo/down", "seconds", "9", "what", "all"), 204)
	mustStatus(t, b.get(t, "/api/hello"), 503)
	mustStatus(t, b.renew(t), 503)
	for name, want := range map[string]int{
		"calls": 11, "unauthorized": 8, "unavailable": 2, "refreshes": 1, "graced": 0, "refused": 0, "reuse": 0, "generation": 1,
	} {
		if n := b.count(t, name); n != want {
			t.Errorf("%s: %d, want %d", name, n, want)
		}
	}
	mustStatus(t, b.post(t, "/demo/counts/reset"), 204)
	for _, name := range []string{"calls", "unauthorized", "unavailable", "refreshes"} {
		if n := b.count(t, name); n != 0 {
			t.Errorf("%s: %d after the reset", name, n)
		}
	}
}

func TestControlsNeedASession(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/demo/expire", "/demo/revoke", "/demo/malform", "/demo/down", "/demo/counts/reset"} {
		mustChallenge(t, s.browser().post(t, path), plain)
	}
	mustChallenge(t, s.browser().get(t, "/demo/counts"), plain)
	forger := s.browser()
	forger.bearer = "malformed.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	mustChallenge(t, forger.get(t, "/demo/counts"), plain)
}
