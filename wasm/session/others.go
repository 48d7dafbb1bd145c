package session

import (
	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
)

// Renew is the one effect that does not leave the program: it asks whether this
// page may make an exchange now. The answer is Granted, Adopted, Denied or
// Refused, at once or later; Probe may come before it.
const Renew protocol.Effect = 0

// none stands for no call.
const none = -1

// Adopted tells that the session was renewed elsewhere, by renewal number:
// whether it is known to be somebody else's, whether an access token and a refresh
// token came along, and the lifetime in seconds. An exchange of this page goes on.
func (s *Session) Adopted(now int64, number int32, other, access, refresh bool, expiresIn int64) {
	if s.life == signedOut {
		return
	}
	s.renewed(now, Result{Number: number, Other: other, Token: access, ExpiresIn: expiresIn}, 0, false)
	if s.config.Kind == grant.Token && !refresh {
		s.means = nothing
	}
}

// Denied tells that the session is not renewed for now: another page has tried
// in vain, it is too early to try again, or the exchange has hung too long.
func (s *Session) Denied() {
	s.tooLate()
	s.exchange.stage = idle
	s.giveUp(RefreshFailedCode)
	s.firePostponed()
}

// Refused tells that another page's exchange was refused for good.
func (s *Session) Refused(now int64) {
	if s.life == signedOut || s.life == promised {
		return
	}
	s.answered()
	s.refused(now)
	s.firePostponed()
}

// Probe sends one held call again, to see whether the session was renewed
// elsewhere, and says whether there is one: that which was sent so least. It
// counts as no try unless it has not been sent with the present credentials: those of
// the next session, say.
func (s *Session) Probe() bool {
	id := int32(none)
	for i := range s.calls {
		c := &s.calls[i]
		if c.phase == held && !c.once && c.session == s.number && c.sends < maxSends &&
			(id == none || c.probes < s.calls[id].probes) {
			id = int32(i)
		}
	}
	if id == none {
		return false
	}
	c := &s.calls[id]
	probes, known := c.probes, c.generation == s.generation
	s.send(id)
	if known {
		c.sends--
	}
	c.probes = probes + 1
	s.probe = id
	return true
}

// probed says whether this call was the probe; its answer is there.
func (s *Session) probed(id int32) bool {
	if s.probe != id {
		return false
	}
	s.probe = none
	return true
}

// Hid tells that the page stops running. Its exchange is left behind: it may
// never end here, and is asked for again.
func (s *Session) Hid() {
	s.exchange.fresh = s.exchange.number + 1
	s.exchange.open = 0
	if s.exchange.stage >= running {
		s.exchange.stage = asked
	}
}
