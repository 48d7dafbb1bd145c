package session

import (
	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
)

// stage is how far an exchange has come.
type stage uint8

const (
	idle    stage = iota
	asked         // this page may not start it yet: it has asked for it with Renew
	running       // it is with the server
	overdue       // the same, and calls have given up waiting for it
)

// exchange is the request that renews the session.
type exchange struct {
	stage      stage
	number     int32 // of the newest one, as it was granted
	first      int32 // the first one that belongs to this session
	adopted    int32 // the newest one whose answer counts
	generation int32 // that it is to renew
	fresh      int32 // the first one that was begun with the present credentials
	open       int32 // how many of those have no answer yet
	since      int64 // when the oldest of these was sent
	second     bool  // the newest began while one of those had none
	early      bool  // it is asked for ahead of the end of the lifetime: no call waits
}

// active says that a renewal is asked for or under way.
func (e *exchange) active() bool { return e.stage >= asked }

// Result is what an exchange brought.
type Result struct {
	// Number is that of the Exchange effect.
	Number int32
	// Void says that the answer is none any more: the exchange was given up,
	// or something newer is there.
	Void bool
	// Class is what the answer means.
	Class grant.Class
	// Code is the coded cause of a failure.
	Code grant.Error
	// Status is the HTTP status, 0 without an answer.
	Status int32
	// Network says that there was no answer at all.
	Network bool
	// Token says that the answer brought an access token to attach.
	Token bool
	// Other says that the renewed session is known to be somebody else's.
	Other bool
	// ExpiresIn is the lifetime of the new credentials in seconds (RFC 6749
	// §5.1); 0 means unknown, and less that they have run out.
	ExpiresIn int64
}

// renew asks for an exchange, unless one is under way or it has to wait for the
// app or for the page.
func (s *Session) renew() {
	switch {
	case s.exchange.active():
	case s.life == promised || s.page.Prerendering || s.means == awaited:
		// It is asked for as soon as it may be: see renewIfWanted.
	default:
		s.exchange.stage, s.exchange.early = asked, false
		s.do(Renew, 0, 0, "")
	}
}

// Granted tells that this page is to make exchange number, which is above those
// of before.
func (s *Session) Granted(now int64, number int32) {
	s.exchange.stage = running
	s.exchange.second = s.exchange.open > 0
	if !s.exchange.second {
		s.exchange.since = now
	}
	s.exchange.open++
	s.exchange.number = number
	s.exchange.generation = s.generation
	s.do(protocol.Exchange, 0, number, "")
}

// renewEarly begins an exchange while the credentials are still good: their end
// then costs no call anything.
func (s *Session) renewEarly() {
	s.renew()
	s.exchange.early = s.exchange.stage == asked
}

// Able tells that the app has given the function that renews its session.
func (s *Session) Able() {
	if s.means == awaited {
		s.means = usable
	}
	s.renewIfWanted()
}

func (s *Session) renewIfWanted() {
	if s.askedUntil != 0 || s.Held() > 0 {
		s.renew()
	}
}

// Exchanged tells how an exchange ended. An answer that belongs to an older
// session is discarded; a late one counts as long as nothing newer came.
func (s *Session) Exchanged(now int64, r Result) {
	behind := r.Number < s.exchange.fresh
	if !behind {
		s.exchange.open--
	}
	if r.Void || r.Number < s.exchange.first || r.Number <= s.exchange.adopted {
		return
	}
	if r.Network {
		s.offline++
	} else {
		s.offline = 0
	}
	if r.Class == grant.Renewed {
		s.exchange.adopted = r.Number
		if r.Number == s.exchange.number {
			s.exchange.stage = idle
		}
		s.renewed(now, r, now-s.exchange.since, !behind)
		return
	}
	if r.Number != s.exchange.number || s.exchange.stage < running {
		return
	}
	s.exchange.stage = idle
	if s.exchange.generation != s.generation || s.exchange.second && r.Class == grant.Final {
		// An older exchange has renewed the session meanwhile, or may still do
		// so, and has used up what this one was refused for.
		r.Class = grant.Transient
	}
	if s.offline == 3 && s.config.CrossOrigin {
		s.do(protocol.Complain, 0, r.Status, Unreadable)
	}
	switch r.Class {
	case grant.Final:
		s.do(protocol.RefreshFailed, r.Status, 1, string(r.Code))
		s.refused(now)
	case grant.Fault:
		s.means = faulty
		s.do(protocol.RefreshFailed, r.Status, 0, string(r.Code))
		s.do(protocol.Complain, 0, r.Status, MisconfiguredErr)
		s.giveUp(Misconfigured)
	default:
		s.failures++
		s.failedAt = now
		s.do(protocol.RefreshFailed, r.Status, 0, string(r.Code))
		s.giveUp(RefreshFailedCode)
	}
	s.firePostponed()
}

// renewed begins the next generation, of credentials that are at most age milliseconds
// old, and sends what waited for it. Only where they are fresh does a 401 to it count as
// one again: what another page has renewed, or this one before it stopped running, may
// have run out since.
func (s *Session) renewed(now int64, r Result, age int64, fresh bool) {
	if r.Other {
		s.live()
		s.pauses = s.pauses[:0]
		s.do(protocol.NewSession, 0, r.Number, "")
	}
	s.life = alive
	if s.means != awaited {
		s.means = usable
	}
	s.postponed = ""
	s.answered()
	s.nextGeneration(now, age, r.Token, r.ExpiresIn)
	s.do(protocol.Adopt, r.Number, s.generation, "")
	if r.Other {
		s.do(protocol.SessionChanged, 0, s.generation, "")
	}
	s.settle("renewed")
	for i := range s.calls {
		c, id := &s.calls[i], int32(i)
		switch {
		case c.phase == waiting:
			s.send(id)
		case c.phase != held:
		case c.session != s.number:
			// The session that it was made in had ended, and lives again, or was
			// somebody else's.
			s.deliver(id, SessionEnded)
		case c.once:
			s.deliver(id, NotReplayable)
		case c.sends >= maxSends:
			s.deliver(id, StillUnauthorized)
		default:
			c.again = fresh
			s.send(id)
		}
	}
}

// answered takes what was asked for as answered. An exchange goes on.
func (s *Session) answered() {
	if s.exchange.stage <= asked {
		s.exchange.stage = idle
	}
}

func (s *Session) nextGeneration(now, age int64, token bool, expiresIn int64) {
	s.generation++
	s.trust = min(s.trust, proven)
	s.refusing = s.refusing[:0]
	s.exchange.fresh = s.exchange.number + 1
	s.exchange.open = 0
	s.stepUpAt = 0
	s.token = 0
	if token {
		s.token = s.generation
	}
	s.Expires(now, age, expiresIn)
}

// refused ends the session: the exchange was refused for good. The login is
// fired for the first call that may lead there; where none waits, it is owed
// to the first later 401.
func (s *Session) refused(now int64) {
	if s.life == ended {
		// It had: this was a probe.
		s.endedAt = now
	} else {
		s.end(now)
	}
	s.settle("ended")
	for i := range s.calls {
		c, id := &s.calls[i], int32(i)
		switch c.phase {
		case waiting:
			s.send(id)
		case held:
			s.refuses(c)
			reason := SessionEnded
			if s.life == owing {
				reason = s.signIn(c, reason)
			}
			s.deliver(id, reason)
		}
	}
}

// giveUp lets every waiting call go on as it is: the exchange failed, and the
// session is kept.
func (s *Session) giveUp(reason string) {
	s.settle("kept")
	for i := range s.calls {
		s.release(int32(i), reason)
	}
}

// release lets one waiting call go on as it is.
func (s *Session) release(id int32, reason string) {
	c := &s.calls[id]
	switch c.phase {
	case waiting:
		c.last = s.bearing() && s.token == 0
		s.send(id)
	case held:
		if c.once {
			reason = NotReplayable
		}
		s.deliver(id, reason)
	}
}
