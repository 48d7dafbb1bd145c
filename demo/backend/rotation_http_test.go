//go:build !js

package backend_test

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

// clone gives a second client that holds the same tokens.
func (b *browser) clone() *browser {
	c := b.server.browser()
	c.bearer, c.refreshToken = b.bearer, b.refreshToken
	for name, cookie := range b.cookies {
		c.cookies[name] = cookie
	}
	return c
}

// holds gives the refresh token, wherever the mode keeps it.
func (b *browser) holds() string {
	if b.refreshToken != "" {
		return b.refreshToken
	}
	if c := b.cookies["__Host-refresh"]; c != nil {
		return c.Value
	}
	return ""
}

func mustRefuse(t *testing.T, b *browser, got answer) {
	t.Helper()
	if b.refreshToken != "" {
		if got.StatusCode != 400 || got.json["error"] != "invalid_grant" {
			t.Fatalf("status %d, want invalid_grant: %s", got.StatusCode, got.text)
		}
		return
	}
	mustChallenge(t, got, invalid("the session has ended"))
	if len(b.cookies) != 0 {
		t.Fatalf("a refused refresh left cookies: %v", b.cookies)
	}
}

func TestRefreshRotates(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b := s.signIn(t, mode)
			first := b.holds()
			got := b.renew(t)
			mustStatus(t, got, 200)
			if b.holds() == first {
				t.Error("the refresh token is the same")
			}
			if got.json["expires_in"] != 60.0 {
				t.Errorf("expires_in %v", got.json["expires_in"])
			}
			if got.json["subject"] != "demo" {
				t.Errorf("subject %v", got.json["subject"])
			}
			if (mode != "session") != (got.json["token_type"] == "Bearer" && got.json["access_token"] != nil) {
				t.Errorf("token_type %v", got.json["token_type"])
			}
			hello := b.get(t, "/api/hello")
			mustStatus(t, hello, 200)
			if hello.json["hello"] != "demo" || hello.json["generation"] != 1.0 {
				t.Errorf("hello %s", hello.text)
			}
			if n := b.count(t, "refreshes"); n != 1 {
				t.Errorf("%d refreshes counted", n)
			}
		})
	}
}

// Any number of tabs, and a browser that re-sends a POST, may present one token at the same time.
func TestConcurrentRefreshesWriteOneRotation(t *testing.T) {
	s := start(t)
	clients, rounds := 50, 6
	if s.remote {
		// Where a round takes over 2 s, a third would look like a thief in step.
		rounds = 2
	}
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b := s.signIn(t, mode)
			for round := 1; round <= rounds; round++ {
				before := b.holds()
				clones := make([]*browser, clients)
				answers := make([]answer, clients)
				var ready, done sync.WaitGroup
				gate := make(chan struct{})
				for i := range clones {
					clones[i] = b.clone()
					ready.Add(1)
					done.Go(func() {
						ready.Done()
						<-gate
						answers[i] = clones[i].renew(t)
					})
				}
				ready.Wait()
				close(gate)
				done.Wait()
				if t.Failed() {
					t.FailNow()
				}
				for i, got := range answers {
					mustStatus(t, got, 200)
					if token := clones[i].holds(); token != clones[0].holds() || token == before {
						t.Fatalf("round %d: answer %d carries another successor", round, i)
					}
					mustStatus(t, clones[i].get(t, "/api/hello"), 200)
				}
				b = clones[0]
				if n := b.count(t, "refreshes"); n != round {
					t.Fatalf("round %d: %d rotations written", round, n)
				}
				if n := b.count(t, "graced"); n != round*(clients-1) {
					t.Fatalf("round %d: %d graced answers", round, n)
				}
				if n := b.count(t, "reuse"); n != 0 {
					t.Fatalf("round %d: %d reuses", round, n)
				}
			}
		})
	}
}

// Who can make up a token, or bend one, must not be able to sign others out.
func TestForgedRefreshTokensEndNothing(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b := s.signIn(t, mode)
			good := b.holds()
			last := byte('A')
			if good[len(good)-1] == 'A' {
				last = 'B'
			}
			middle := []byte(good)
			middle[30] ^= 1
			for _, bad := range []string{
				"x", good + "A", good[:len(good)-1], good[:len(good)-1] + string(last), string(middle),
				good[:37] + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			} {
				forger := s.browser()
				if mode == "bearer" {
					forger.refreshToken = bad
				} else {
					forger.cookies["__Host-refresh"] = &http.Cookie{Name: "__Host-refresh", Value: bad, Path: "/"}
				}
				mustRefuse(t, forger, forger.renew(t))
			}
			mustStatus(t, b.renew(t), 200)
			if n := b.count(t, "reuse"); n != 0 {
				t.Errorf("%d reuses counted", n)
			}
		})
	}
}

// A token read from a page's memory is no cookie, and a stolen cookie no grant.
func TestRefreshTokensKeepToTheirEndpoint(t *testing.T) {
	s := start(t)
	bearer, session := s.signIn(t, "bearer"), s.signIn(t, "session")
	mustRefuse(t, bearer, s.browser().exchange(t, session.holds()))
	thief := s.browser()
	thief.cookies["__Host-refresh"] = &http.Cookie{Name: "__Host-refresh", Value: bearer.holds(), Path: "/"}
	mustChallenge(t, thief.post(t, "/auth/refresh"), invalid("the session has ended"))
	mustStatus(t, bearer.renew(t), 200)
	mustStatus(t, session.renew(t), 200)
}

func TestRefreshWithoutCookie(t *testing.T) {
	mustChallenge(t, start(t).browser().post(t, "/auth/refresh"), plain)
}

// An access token may outlive its session, and does not bring it back when the next sign-in has swept that away.
func TestAccessTokensOfSweptSessions(t *testing.T) {
	s := start(t)
	b := s.browser()
	mustStatus(t, b.post(t, "/auth/login", "user", "demo", "password", "demo", "lifetime", "3600"), 200)
	s.pass(t, 12*time.Hour-time.Minute)
	mustStatus(t, b.renew(t), 200)
	mustStatus(t, b.get(t, "/api/hello"), 200)
	s.pass(t, time.Minute)
	mustChallenge(t, b.get(t, "/api/hello"), invalid("the session has ended"))
	s.signIn(t, "session")
	mustChallenge(t, b.get(t, "/api/hello"), invalid("the session has ended"))
}

func TestSessionsEndForGood(t *testing.T) {
	s := start(t)
	b := s.signIn(t, "session")
	s.pass(t, 12*time.Hour-time.Millisecond)
	old := b.clone()
	mustStatus(t, b.renew(t), 200)
	mustStatus(t, b.get(t, "/api/hello"), 200)
	s.pass(t, time.Millisecond)
	mustChallenge(t, b.get(t, "/api/hello"), invalid("the session has ended"))
	mustRefuse(t, b, b.renew(t))
	mustRefuse(t, old, old.renew(t))
	// The next sign-in sweeps it away, and its tokens name nothing any more.
	s.signIn(t, "session")
	mustChallenge(t, old.get(t, "/demo/counts"), plain)
}
