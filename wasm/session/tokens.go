package session

import (
	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
)

// Tokens tells what the app has given: whether there is an access token to
// attach, whether there is a refresh token to exchange, and the lifetime in
// seconds (0 means unknown, less that they have run out). It begins another session, unless same says that
// it is the present one's: the one that was promised, say.
func (s *Session) Tokens(now int64, same, access, refresh bool, expiresIn int64) {
	s.newSession(now, same, access, refresh, expiresIn)
	s.proceed(now)
}

// Promised tells that the app has promised tokens, for which calls wait. It
// begins another session, as Tokens does.
func (s *Session) Promised(now int64, same bool) {
	s.newSession(now, same, false, false, 0)
	s.life = promised
}

// Broken tells that the promise of tokens was rejected.
func (s *Session) Broken(now int64) {
	if s.life != promised {
		return
	}
	s.life = alive
	s.proceed(now)
	s.renewIfWanted()
}

// Cleared tells that the person has signed out: the session ends quietly.
func (s *Session) Cleared(now int64, same bool) {
	s.newSession(now, same, false, false, 0)
	s.life = signedOut
	s.proceed(now)
}

// newSession begins another session, unless it is the same: what is under way for
// the old one is discarded, calls held for it get their own 401, and those
// that wait go without its credentials or the new ones.
func (s *Session) newSession(now int64, same, access, refresh bool, expiresIn int64) {
	if !same {
		s.number++
		s.trust = unproven
	}
	s.exchange.stage = idle
	s.exchange.first = s.exchange.number + 1
	if !s.config.NoExchange && s.means != awaited {
		s.means = usable
		if s.config.Kind == grant.Token && !refresh {
			s.means = nothing
		}
	}
	s.life = alive
	s.postponed = ""
	s.offline = 0
	s.pauses = s.pauses[:0]
	s.nextGeneration(now, 0, access && (s.bearing() || s.config.Kind == grant.App), expiresIn)
	s.do(protocol.Adopt, 0, s.generation, "")
	s.settle("kept")
	for i := range s.calls {
		c, id := &s.calls[i], int32(i)
		switch {
		case c.session == s.number:
		case c.phase == held:
			s.deliver(id, SessionEnded)
		case c.phase == waiting:
			s.send(id)
		}
	}
}

// proceed lets the calls go on that waited for the app's tokens.
func (s *Session) proceed(now int64) {
	for i := range s.calls {
		c, id := &s.calls[i], int32(i)
		switch {
		case c.phase == waiting && !s.life.over() && s.waits(now, c), c.phase < waiting:
		case c.phase == waiting:
			s.send(id)
		case s.life.over():
			s.deliver(id, SessionEnded)
		case s.token != 0:
			s.carryOut(now, id, judgeStraggler(c))
		case s.means != nothing:
			s.renew()
		default:
			s.carryOut(now, id, s.judgeUnrenewable())
		}
	}
}

// Stale says that the present credentials are known to have run out.
func (s *Session) Stale(now int64) bool { return s.past(s.expiresAt, now) }

// Lifetime is how many seconds the present credentials are still known to last,
// 0 where that is not known, and -1 once they have run out.
func (s *Session) Lifetime(now int64) int32 {
	if s.expiresAt == (moment{}) {
		return 0
	}
	left := min(s.expiresAt.at-now, s.expiresAt.calendar-s.calendar) / 1000
	if left < 1 {
		return -1
	}
	return int32(left)
}
