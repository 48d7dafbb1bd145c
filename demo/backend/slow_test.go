//go:build !js

package backend_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/fetch401/fetch401/demo/backend"
)

// A straggler: the call goes out with a good session, and its answer comes when that is long over.
func TestSlowJudgesOnArrival(t *testing.T) {
	b := start(t).signIn(t, "bearer")
	mustStatus(t, b.post(t, "/demo/expire"), 204)
	straggler := b.clone()
	done := make(chan answer, 1)
	before := b.count(t, "calls")
	go func() { done <- straggler.get(t, "/api/slow?ms=2000") }()
	for b.count(t, "calls") == before {
		if len(done) > 0 {
			t.Fatal("the slow call was answered, and never recorded")
		}
	}
	mustStatus(t, b.renew(t), 200)
	mustStatus(t, b.get(t, "/api/hello"), 200)
	select {
	case <-done:
		t.Fatal("the slow call was answered first")
	default:
	}
	mustChallenge(t, <-done, invalid("the access token expired"))
	for _, ms := range []string{"-1", "10001", "x"} {
		mustStatus(t, b.get(t, "/api/slow?ms="+ms), 422)
	}
}

// A handful of slow calls would be enough to keep the Worker from everybody.
func TestSlowHasNoTimeForStrangers(t *testing.T) {
	s := start(t)
	began := time.Now()
	for challenge, b := range map[string]*browser{
		plain:                                    {server: s},
		invalid("the access token is malformed"): {server: s, bearer: "this.is.garbage"},
	} {
		mustChallenge(t, b.get(t, "/api/slow?ms=10000"), challenge)
	}
	if took := time.Since(began); took >= 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Whoever's token is from here is made to wait, so that a straggler's 401 comes late, too.
func TestSlowHoldsTheAnswersOfSessions(t *testing.T) {
	held := make(chan time.Duration, 1)
	s := start(t, func(c *backend.Config) {
		c.Hold = func(_ http.ResponseWriter, _ *http.Request, d time.Duration) { held <- d }
	})
	for what, c := range map[string]struct {
		control string
		status  int
	}{
		"good": {"/demo/counts/reset", 200}, "expired": {"/demo/expire", 401}, "malformed": {"/demo/malform", 401}, "ended": {"/demo/revoke", 401},
	} {
		b := s.signIn(t, "session")
		mustStatus(t, b.post(t, c.control), 204)
		mustStatus(t, b.get(t, "/api/slow?ms=10000"), c.status)
		if d := <-held; d != 10*time.Second {
			t.Errorf("%s: held back for %v", what, d)
		}
	}
	// Without a number it takes a second.
	b := s.signIn(t, "session")
	mustStatus(t, b.get(t, "/api/slow"), 200)
	if d := <-held; d != time.Second {
		t.Errorf("held back for %v", d)
	}
	// A session that has been swept away is nobody's.
	old := s.signIn(t, "session")
	s.pass(t, 12*time.Hour)
	s.signIn(t, "session")
	mustChallenge(t, old.get(t, "/api/slow"), invalid("the access token expired"))
	if len(held) > 0 {
		t.Error("a stranger was held back")
	}
}
