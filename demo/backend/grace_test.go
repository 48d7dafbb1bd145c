//go:build !js

package backend_test

import (
	"testing"
	"time"

	"github.com/fetch401/fetch401/demo/backend"
)

// A browser whose connection drops sends the POST anew, and not just once. Each copy must learn the one successor.
func TestCopiesOfARefreshGetTheSameAnswer(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b := s.signIn(t, mode)
			before := b.clone()
			mustStatus(t, b.renew(t), 200)
			for range 7 {
				late := before.clone()
				mustStatus(t, late.renew(t), 200)
				if late.holds() != b.holds() {
					t.Fatal("a copy got another successor")
				}
			}
			mustStatus(t, b.renew(t), 200)
			if n := b.count(t, "graced"); n != 7 {
				t.Errorf("%d graced answers counted", n)
			}
		})
	}
}

func TestGraceWindowEndsWithTheSuccessorsUse(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b := s.signIn(t, mode)
			late, later := b.clone(), b.clone()
			mustStatus(t, b.renew(t), 200)
			mustStatus(t, late.renew(t), 200)
			if late.holds() != b.holds() {
				t.Fatal("the grace window gave another successor")
			}
			mustStatus(t, b.renew(t), 200)
			mustEndTheFamily(t, b, later)
		})
	}
}

func TestGraceWindowIsTenSeconds(t *testing.T) {
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			s := start(t)
			b := s.signIn(t, mode)
			late, later := b.clone(), b.clone()
			mustStatus(t, b.renew(t), 200)
			s.pass(t, 10*time.Second-time.Millisecond)
			mustStatus(t, late.renew(t), 200)
			s.pass(t, time.Millisecond)
			mustEndTheFamily(t, b, later)
		})
	}
}

func TestNoGraceWindow(t *testing.T) {
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			s := start(t, func(c *backend.Config) { c.Grace = 0 })
			b := s.signIn(t, mode)
			late := b.clone()
			mustStatus(t, b.renew(t), 200)
			mustEndTheFamily(t, b, late)
		})
	}
}

// mustEndTheFamily has a copy present a refresh token that has been used, and sees the family end, b's session with it.
func mustEndTheFamily(t *testing.T, b, late *browser) {
	t.Helper()
	mustRefuse(t, late, late.renew(t))
	if n := b.count(t, "reuse"); n != 1 {
		t.Errorf("%d reuses counted", n)
	}
	mustChallenge(t, b.get(t, "/api/hello"), invalid("the session has ended"))
	mustRefuse(t, b, b.renew(t))
}

// refreshTwice renews, and so long after that once more with the token before.
func refreshTwice(t *testing.T, b *browser, later time.Duration) {
	t.Helper()
	before := b.clone()
	mustStatus(t, b.renew(t), 200)
	b.pass(t, later)
	mustStatus(t, before.renew(t), 200)
}

// Who has stolen a refresh token and refreshes along with its owner stays within the grace window each time.
func TestThiefInStepEndsTheFamily(t *testing.T) {
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			b := s.signIn(t, mode)
			var late *browser
			for n := range 3 {
				late = b.clone()
				mustStatus(t, b.renew(t), 200)
				s.linger(t, 2100*time.Millisecond)
				if n < 2 {
					mustStatus(t, late.renew(t), 200)
				}
			}
			mustEndTheFamily(t, b, late)
		})
	}
}

// What comes within 2 s is a copy of the browser's, however often; and what comes late now and then, a bad network's.
func TestHonestCopiesEndNothing(t *testing.T) {
	s := start(t)
	b := s.signIn(t, "session")
	for _, ms := range []int{
		2000, 2000, 2000, 2000, // not over 2 s
		2001, 2001, 2000, // two in a row, and then none
		2001, 2001, 0,
		9999, 2001,
	} {
		before := b.clone()
		mustStatus(t, b.renew(t), 200)
		s.pass(t, time.Duration(ms)*time.Millisecond)
		// Several late copies of one rotation count as one.
		for range 3 {
			mustStatus(t, before.clone().renew(t), 200)
		}
	}
}

// A third late copy ends the family; one in time, of the very same rotation, has not.
func TestThirdLateCopyCountsByItsOwnTime(t *testing.T) {
	s := start(t)
	b := s.signIn(t, "bearer")
	for range 2 {
		refreshTwice(t, b, 2001*time.Millisecond)
	}
	late := b.clone()
	refreshTwice(t, b, 2000*time.Millisecond)
	s.pass(t, time.Millisecond)
	mustEndTheFamily(t, b, late)
}
