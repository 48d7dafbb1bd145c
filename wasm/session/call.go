package session

import (
	"github.com/fetch401/fetch401/wasm/challenge"
	"github.com/fetch401/fetch401/wasm/grant"
)

// phase is how far a call has come.
type phase uint8

const (
	free    phase = iota // no call has this number
	sent                 // it is with the server
	waiting              // it waits to be sent
	held                 // its 401 is kept until an exchange ends
)

// call is what the Session knows of one call. Its number is its index.
type call struct {
	phase      phase
	sends      uint8
	once       bool   // it cannot be sent again
	quiet      bool   // its 401 never leads to login
	bare       bool   // sent without the access token that it should carry
	final      bool   // its 401 starts no exchange
	again      bool   // sent after an exchange that its own 401 led to
	after      bool   // sent after the session had ended
	generation int32  // of the credentials that it carries
	failures   int32  // failed exchanges at the time it was sent
	session    int32  // that it was made in, 0 for an earlier one than the Session knows
	deadline   int64  // until when it waits
	url        []byte // origin and path; the room is used again
}

// Flags of a call.
const (
	// Stream marks a body that cannot be sent again.
	Stream = 1 << iota
	// NoLogin marks a call whose 401 never leads to login.
	NoLogin
	// Sent marks a call that was sent before the Session began, and so with
	// whatever it had.
	Sent
	// Earlier marks a call that was made in a session before the present one,
	// when nothing could be told of it yet.
	Earlier
)

// Started tells of a new protected call: its number (small, and free for
// reuse once the call is delivered, answered or has failed), its flags, and
// its URL without query and fragment. It returns true, and the generation
// whose access token is to be attached (0 for none), where the call is to be
// sent at once, and false where it waits.
func (s *Session) Started(now int64, id int32, flags int32, url []byte) (token int32, send bool) {
	for int(id) >= len(s.calls) {
		s.calls = append(s.calls, call{})
	}
	c := &s.calls[id]
	room := append(c.url[:0], url...)
	*c = call{url: room, once: flags&Stream != 0, quiet: flags&NoLogin != 0}
	if flags&Earlier == 0 {
		c.session = s.number
		if flags&Sent == 0 && !s.ended && s.waits(now, c) {
			c.phase = waiting
			s.deadline(now, c)
			return 0, false
		}
	}
	return s.sending(c), true
}

// waits decides whether a call that starts now waits before it is sent, and
// begins the exchange that it waits for.
func (s *Session) waits(now int64, c *call) bool {
	if s.pending {
		return true
	}
	needs := s.bearing() && s.token == 0
	if s.fault || !s.renewable {
		return false
	}
	if needs {
		s.begin(now)
		return true
	}
	if !c.once {
		return false
	}
	if s.exchange.active {
		return true
	}
	if s.past(s.expiresAt, now) {
		s.begin(now)
		return true
	}
	return false
}

// sending notes with what the call is sent, and returns the generation whose
// access token it takes along. A call of an earlier session gets none.
func (s *Session) sending(c *call) int32 {
	token := s.token
	if c.session != s.number {
		token = 0
	}
	c.phase = sent
	c.sends++
	c.generation = s.generation
	c.failures = s.failures
	c.after = s.ended
	c.bare = s.bearing() && token == 0
	return token
}

func (s *Session) send(id int32) {
	token := s.sending(&s.calls[id])
	s.do(Send, id, token, "")
}

func (s *Session) deliver(id int32, reason string) {
	s.calls[id].phase = free
	s.do(Deliver, id, 0, reason)
}

func (s *Session) hold(now int64, c *call) {
	c.phase = held
	s.deadline(now, c)
}

// Failed tells that a call ended without an answer: on the network, or by its
// caller.
func (s *Session) Failed(id int32) {
	if c := s.call(id); c != nil {
		c.phase = free
	}
}

// call returns the call with this number, or nil where there is none.
func (s *Session) call(id int32) *call {
	if id < 0 || int(id) >= len(s.calls) || s.calls[id].phase == free {
		return nil
	}
	return &s.calls[id]
}

// Answered tells of an answer that is not a 401.
func (s *Session) Answered(id int32) {
	c := s.call(id)
	if c == nil {
		return
	}
	c.phase = free
	if c.session == s.number && !c.bare {
		s.proven = true
		s.answered = s.answered || c.generation == s.generation
	}
	if c.after && s.ended {
		s.revive(c)
	}
	if len(s.pauses) > 0 {
		s.resume(c.url)
	}
}

// Unauthorized tells of a 401 and its WWW-Authenticate field, all values
// joined; empty where there is none or it cannot be read. Where done is true,
// a part of what the call asked for has been done, and it must not be sent
// again: it is a write that was answered with a redirect, say.
func (s *Session) Unauthorized(now int64, id int32, done bool, field string) {
	c := s.call(id)
	if c == nil {
		return
	}
	c.once = c.once || done
	switch verdict := challenge.Judge(field, s.bearing() || s.token != 0); {
	case verdict == challenge.Foreign:
		s.deliver(id, ForeignChallenge)
	case verdict == challenge.InsufficientScope:
		s.deliver(id, InsufficientScope)
	case c.session != s.number:
		// Never send one person's call with another person's credentials.
		s.deliver(id, SessionEnded)
	case s.ended:
		s.afterEnd(now, id)
	case verdict == challenge.StepUp:
		s.stepUp(now, id)
	case s.pending:
		s.hold(now, c)
	case c.generation != s.generation:
		s.straggler(id)
	case s.fault:
		s.deliver(id, Misconfigured)
	case c.final:
		s.deliver(id, RefreshFailedCode)
	case c.again:
		s.stillUnauthorized(now, id)
	case c.sends >= maxSends:
		s.deliver(id, StillUnauthorized)
	case s.exchange.active:
		s.hold(now, c)
		s.begin(now)
	case s.paused(now, c.url):
		s.refusedByURL(now, id)
	case c.failures != s.failures && now-s.failedAt < sharedFailure:
		// The exchange that this call would begin was tried while it was
		// under way, and has just failed.
		s.deliver(id, RefreshFailedCode)
	case !s.renewable:
		s.unrenewable(now, id)
	default:
		s.hold(now, c)
		s.begin(now)
	}
}

// unrenewable ends the session of a call that nothing can renew.
func (s *Session) unrenewable(now int64, id int32) {
	reason := SessionEnded
	if !s.config.NoExchange && s.config.Kind == grant.Token {
		reason = NoCredentials
	}
	s.end(now)
	s.refuses(&s.calls[id])
	s.deliver(id, s.login(now, id, reason))
}

// straggler handles a 401 that speaks of older credentials than the present
// ones: they were renewed while the call was under way.
func (s *Session) straggler(id int32) {
	c := &s.calls[id]
	switch {
	case c.once:
		s.deliver(id, NotReplayable)
	case c.sends >= maxSends:
		s.deliver(id, StillUnauthorized)
	default:
		c.again = false
		s.send(id)
	}
}

// stillUnauthorized handles a 401 to credentials that are fresh from an
// exchange: in a session in which no call ever got on, they are worth nothing;
// where one did, it is this URL that refuses them.
func (s *Session) stillUnauthorized(now int64, id int32) {
	if !s.proven {
		s.endAsRefused(now, id)
		return
	}
	s.pause(now, &s.calls[id])
	s.refusedByURL(now, id)
}

// refusedByURL hands out the 401 of a URL that refuses good credentials, unless
// so many URLs do, and none speaks for them, that they cannot be good.
func (s *Session) refusedByURL(now int64, id int32) {
	s.refuses(&s.calls[id])
	if len(s.refusing) >= refusingEnds && !s.answered {
		s.endAsRefused(now, id)
		return
	}
	s.deliver(id, StillUnauthorized)
}

func (s *Session) endAsRefused(now int64, id int32) {
	s.end(now)
	s.refuses(&s.calls[id])
	s.deliver(id, s.login(now, id, StillUnauthorized))
}

// refuses remembers a URL that has answered 401.
func (s *Session) refuses(c *call) {
	if s.hasRefused(c.url) || len(s.refusing) == maxRefusing {
		return
	}
	s.refusing = append(s.refusing, string(c.url))
}

func (s *Session) hasRefused(url []byte) bool {
	for i := range s.refusing {
		if s.refusing[i] == string(url) {
			return true
		}
	}
	return false
}
