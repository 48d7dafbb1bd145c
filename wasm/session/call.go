package session

import "github.com/fetch401/fetch401/wasm/protocol"

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
	probes     uint8  // how often it was sent to see whether others have renewed
	once       bool   // it cannot be sent again
	noLogin    bool   // its 401 never leads to login
	asks       bool   // it is no call, and asks for an access token alone
	bare       bool   // sent without the access token that it should carry
	last       bool   // its 401 starts no exchange
	again      bool   // sent after an exchange that its own 401 led to
	after      bool   // sent after the session had ended
	generation int32  // of the credentials that it carries
	failures   int32  // failed exchanges at the time it was sent
	session    int32  // that it was made in, 0 for an earlier one than the Session knows
	deadline   int64  // until when it waits
	method     string // and what a login event tells besides; known once it is answered with 401
	url        []byte // origin and path; the room is used again
}

// Started tells of a new protected call: its number (small, and free for
// reuse once the call is delivered, answered or has failed), its flags (those
// of package protocol), and its URL without query and fragment. It returns
// true, and the generation whose access token is to be attached (0 for none),
// where the call is to be sent at once, and false where it waits.
func (s *Session) Started(now int64, id int32, flags int32, url string) (token int32, send bool) {
	for int(id) >= len(s.calls) {
		s.calls = append(s.calls, call{})
	}
	c := &s.calls[id]
	room := append(c.url[:0], url...)
	*c = call{
		url:     room,
		once:    flags&(protocol.Stream|protocol.AsksToken) != 0,
		noLogin: flags&protocol.NoLogin != 0,
		asks:    flags&protocol.AsksToken != 0,
	}
	if flags&protocol.Earlier == 0 {
		c.session = s.number
		if flags&protocol.Sent == 0 && !s.life.over() && s.waits(now, c) {
			c.phase = waiting
			s.deadline(now, c)
			return 0, false
		}
	}
	return s.sending(c), true
}

// waits decides whether a call that starts now waits before it is sent, and
// begins the exchange that it waits for: it would meet a 401 that is known of,
// or cannot be sent again after one. Shortly before that end a call begins the
// exchange and goes out without it.
func (s *Session) waits(now int64, c *call) bool {
	switch {
	case s.life == promised:
		return true
	case s.means == nothing || s.means == faulty:
		return false
	case s.token == 0 && (s.bearing() || c.asks), s.past(s.expiresAt, now):
		s.renew()
		return true
	case c.once && s.exchange.active():
		return s.needed()
	case s.past(s.earlyAt, now):
		s.renewEarly()
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
	c.probes = 0
	c.generation = s.generation
	c.failures = s.failures
	c.after = s.life.over()
	c.bare = s.bearing() && token == 0
	return token
}

// Asks says that a call that was sent has left effects behind: an exchange ahead
// of time, which the next event carries out.
func (s *Session) Asks() bool { return len(s.effects) > 0 }

func (s *Session) send(id int32) {
	token := s.sending(&s.calls[id])
	s.do(protocol.Send, id, token, "")
}

func (s *Session) deliver(id int32, reason string) {
	s.calls[id].phase = free
	s.do(protocol.Deliver, id, 0, reason)
}

func (s *Session) hold(now int64, c *call) {
	c.phase = held
	if c.probes > 0 { // it has waited before it was sent as a probe
		s.wake(now, max(c.deadline, now+1))
		return
	}
	s.deadline(now, c)
}

// Failed tells that a call ended without an answer: on the network, or by its
// caller. It says whether that was the Probe.
func (s *Session) Failed(id int32) (probe bool) {
	c := s.call(id)
	if c == nil {
		return false
	}
	c.phase = free
	return s.probed(id)
}

// call returns the call with this number, or nil where there is none.
func (s *Session) call(id int32) *call {
	if id < 0 || int(id) >= len(s.calls) || s.calls[id].phase == free {
		return nil
	}
	return &s.calls[id]
}

// Answered tells of an answer that is not a 401. It says whether that was the
// Probe's.
func (s *Session) Answered(id int32) (probe bool) {
	c := s.call(id)
	if c == nil {
		return false
	}
	c.phase = free
	if c.session == s.number && !c.bare {
		if c.generation == s.generation {
			s.trust = vouched
		} else if s.trust == unproven {
			s.trust = proven
		}
	}
	if c.after && s.life.over() {
		s.revive(c)
	}
	s.resume(c.url)
	return s.probed(id)
}
