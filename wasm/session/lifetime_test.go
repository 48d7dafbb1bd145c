package session

import (
	"testing"

	"github.com/fetch401/fetch401/wasm/grant"
)

// TestLifetime asks for what is left of a lifetime, as other pages are told it:
// by whichever clock is ahead, and never 0 where it is known.
func TestLifetime(t *testing.T) {
	for _, at := range []struct{ expiresIn, now, calendar, left int64 }{
		{0, 0, 0, 0},
		{0, 5_000, 5_000, 0},
		{60, 0, 0, 60},
		{60, 1, 0, 59},
		{60, 0, 20_000, 40},
		{60, 59_000, 59_000, 1},
		{60, 59_001, 0, -1},
		{60, 0, 60_000, -1},
		{60, 600_000, 600_000, -1},
		{-1, 0, 0, -1},
	} {
		const start, day = 1_000, 1_700_000_000_000
		s := New(Config{Kind: grant.Token})
		s.Calendar(day)
		s.Tokens(start, false, true, true, at.expiresIn)
		s.Calendar(day + at.calendar)
		if left := s.Lifetime(start + at.now); int64(left) != at.left {
			t.Errorf("%+v: %d", at, left)
		}
	}
}
