package session

import "github.com/fetch401/fetch401/wasm/grant"

// Tokens tells what the app has given: whether there is an access token to
// attach, whether there is a refresh token to exchange, and the lifetime in
// seconds (0 means unknown). It begins another session, unless same says that
// it is the present one's: the one that was promised, say.
func (s *Session) Tokens(now int64, same, access, refresh bool, expiresIn int64) {
	s.begun(now, same, access, refresh, expiresIn)
	s.proceed(now)
}

// Promised tells that the app has promised tokens, for which calls wait. It
// begins another session, as Tokens does.
func (s *Session) Promised(now int64, same bool) {
	s.begun(now, same, false, false, 0)
	s.pending = true
}

// Broken tells that the promise of tokens was rejected.
func (s *Session) Broken(now int64) {
	if !s.pending {
		return
	}
	s.pending = false
	s.proceed(now)
}

// Cleared tells that the person has signed out: the session ends quietly.
func (s *Session) Cleared(now int64, same bool) {
	s.begun(now, same, false, false, 0)
	s.end(now)
	s.quiet = true
	s.proceed(now)
}

// begun begins another session, unless it is the same: what is under way for
// the old one is discarded, calls held for it get their own 401, and those
// that wait go without its credentials or the new ones.
func (s *Session) begun(now int64, same, access, refresh bool, expiresIn int64) {
	if !same {
		s.number++
		s.proven = false
	}
	s.exchange.active = false
	s.exchange.first = s.exchange.number + 1
	s.renewable = !s.config.NoExchange && (refresh || s.config.Kind != grant.Token)
	s.ended, s.quiet, s.owed, s.fault, s.pending, s.wanted = false, false, false, false, false, false
	s.postponed = ""
	s.offline = 0
	s.pauses = s.pauses[:0]
	s.nextGeneration(now, access && (s.bearing() || s.config.Kind == grant.App), expiresIn)
	s.do(Adopt, 0, s.generation, "")
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
		case c.phase == waiting && !s.ended && s.waits(now, c), c.phase < waiting:
		case c.phase == waiting:
			s.send(id)
		case s.ended:
			s.deliver(id, SessionEnded)
		case s.token != 0:
			s.straggler(id)
		case s.renewable:
			s.begin(now)
		default:
			s.unrenewable(now, id)
		}
	}
}
