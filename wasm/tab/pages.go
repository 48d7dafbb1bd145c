package tab

import (
	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/session"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// askLimit is how long, in milliseconds, calls wait for the tokens of another
// page.
const askLimit = 500

// earliness is how long before its time, in milliseconds, a Tick may come where
// clocks are coarse. One that comes earlier is another's: that which was asked for
// is yet to come, and to ask for it again would double them.
const earliness = 200

// tokens is what came with a message of renewal number, or with its name: an access
// token, a refresh token, and their lifetime in seconds, 0 if it is unknown; and whose
// the sender's session is.
type tokens struct {
	number          int32
	access, refresh bool
	expiresIn       int64
	subject         int32
}

// Heard tells of a message of another page, age milliseconds old: of the one that was
// last kept, or, where age is below 0, of one that has just come and is ^age old. bits
// say which tokens came with it (protocol.AccessToken, protocol.RefreshToken), expiresIn
// how long they last.
func (t *Tab) Heard(at Clock, age, bits, expiresIn int32, m tabs.Message) {
	t.session.Calendar(at.Calendar)
	t.observe(bits)
	if t.share {
		t.heard.access, t.heard.refresh = bits&protocol.AccessToken != 0, bits&protocol.RefreshToken != 0
	}
	m.Tokens, t.heard.number, t.heard.subject = t.heard.access, m.Number, m.Subject
	t.heard.expiresIn = int64(expiresIn)
	if expiresIn > 0 {
		t.heard.expiresIn -= int64(max(age, ^age) / 1000)
	}
	if age < 0 {
		t.tabs.Heard(at.Now, int64(^age), m)
	} else {
		// Whoever has told that last has no tokens.
		t.newcomer = t.newcomer && m.Kind != tabs.SignedOut && m.Kind != tabs.Ended
		t.tabs.Noted(at.Now, int64(age), m)
	}
	// What is handed on loses up to a second each time.
	if t.kind == grant.Cookie && t.heard.expiresIn > int64(max(t.session.Lifetime(at.Now), 0)) && t.tabs.Has(m) {
		t.session.Expires(at.Now, 0, t.heard.expiresIn)
	}
	t.settle(at.Now)
	if t.subject != 0 && t.kind == grant.Cookie && t.tabs.Has(m) && t.becomes(m.Subject) {
		// A probe has found it before.
		t.session.Adopted(at.Now, m.Number, true, false, false, t.heard.expiresIn)
		t.settle(at.Now)
	}
	t.heard = tokens{} // what is known by its name alone comes with nothing
}

// Granted tells that the page has the lock, see [tabs.Page.Granted], and whose
// session was renewed, as the name of the newest renewal says.
func (t *Tab) Granted(now int64, contended bool, renewed, failed, subject int32) {
	t.heard.number, t.heard.subject = renewed, subject
	t.tabs.Granted(now, contended, renewed, failed)
	t.settle(now)
	t.heard = tokens{}
}

// probeFound notes what the probe has found, if that was the probe.
func (t *Tab) probeFound(probe bool, found tabs.Found) bool {
	if probe {
		t.probed, t.found = true, found
	}
	return probe
}

// settle carries out what the session and the protocol between pages ask of
// each other, and leaves the rest of the effects to be taken: the session's
// before those that tell other pages of them.
func (t *Tab) settle(now int64) {
	for more := true; more; {
		for _, e := range t.session.Take() {
			if e.Kind == session.Renew {
				t.tabs.Wanted(now)
			} else {
				if e.Kind == protocol.Exchange && t.subject != 0 {
					e.Call = 1
				}
				t.effects = append(t.effects, e)
			}
		}
		if t.session.Unneeded() {
			t.tabs.Unwanted()
		}
		told := t.tabs.Take()
		more = len(told) > 0
		for _, e := range told {
			t.carryOut(now, e)
		}
		if t.idle {
			t.idle = false
			t.tabs.Probed(now, tabs.Nothing)
		}
		if t.until != 0 && now >= t.until {
			t.until = 0
			t.session.Broken(now)
			more = true
		}
		more = t.await(now, true) || more
	}
	t.wake(now)
}

// carryOut does what the protocol between pages asks for.
func (t *Tab) carryOut(now int64, e tabs.Effect) {
	s := t.session
	switch e.Kind {
	case tabs.Exchange:
		s.Granted(now, e.Number)
	case tabs.Adopt:
		// Tokens of the session before are not those that were promised.
		if !t.promised {
			t.settled()
			if e.Number != t.heard.number {
				t.heard.subject = 0 // that of an older one: others have signed in since
			}
			s.Adopted(now, e.Number, t.becomes(t.heard.subject), t.heard.access, t.heard.refresh, t.heard.expiresIn)
		}
	case tabs.Probe:
		t.idle = !s.Probe()
	case tabs.Fail:
		s.Denied()
	case tabs.End:
		s.Refused(now)
	case tabs.SignIn:
		if e.Number == 0 {
			t.heard.access, t.heard.refresh = false, false // this page goes alone: what came is not for it
		}
		if t.kind >= grant.Token && !t.share {
			t.heard.subject = 0 // that page's; whose this page's own tokens are is yet to be said
		}
		t.settled()
		t.newcomer = t.kind == grant.Token && !t.heard.access
		same := t.subject != 0 && t.heard.subject == t.subject
		t.begins(false, t.heard.subject)
		t.do(protocol.NewSession, protocol.Bit(same), e.Number, "")
		if !t.await(now, same) {
			s.Tokens(now, same, t.heard.access, t.heard.refresh, t.heard.expiresIn)
		}
	case tabs.SignOut:
		t.settled()
		t.subject = 0
		t.do(protocol.NewSession, 0, 0, "")
		s.Cleared(now, false)
	case tabs.Announce:
		e.Message.Subject = t.said()
		t.do(protocol.Announce, e.Number, s.Lifetime(now), words(e.Message))
	case tabs.MarkRenewed:
		t.do(protocol.MarkRenewed, t.said(), e.Number, "")
	default:
		t.do(others[e.Kind], 0, e.Number, "")
	}
}

// settled notes that nothing is promised any more, by the app or by others.
func (t *Tab) settled() { t.promised, t.newcomer, t.until = false, false, 0 }

// others are the effects that concern the lock and the exchange.
var others = [...]protocol.Effect{
	tabs.Acquire:    protocol.Acquire,
	tabs.Withdraw:   protocol.Release,
	tabs.Release:    protocol.Release,
	tabs.MarkFailed: protocol.MarkFailed,
	tabs.Unmark:     protocol.Unmark,
	tabs.Abort:      protocol.Abort,
}

// await lets the calls of a page without tokens wait a little for those of
// another page, where there was one that had some: of the same session, or another.
func (t *Tab) await(now int64, same bool) bool {
	if !t.newcomer || !t.tabs.Behind() {
		return false
	}
	t.newcomer = false
	t.until = now + askLimit
	t.session.Promised(now, same)
	return true
}

// wake asks for a Tick when the protocol, or the wait for tokens, is due.
func (t *Tab) wake(now int64) {
	due := t.tabs.Due()
	if due == 0 || t.until != 0 && t.until < due {
		due = t.until
	}
	if due != 0 && due != t.dueAt {
		t.do(protocol.Wake, 0, int32(due-now), "")
	}
	t.dueAt = due
}

func (t *Tab) do(kind protocol.Effect, call, number int32, text string) {
	t.effects = append(t.effects, session.Effect{Kind: kind, Call: call, Number: number, Text: text})
}

// words writes the numbers of a message, a blank between each, in the order of
// its members; the last is 1 where tokens go along.
func words(m tabs.Message) string {
	var text []byte
	for _, n := range [...]int32{m.Version, int32(m.Kind), m.Number, m.Newest, m.Session, m.Wait, m.Failures, m.Subject} {
		text = append(decimal(text, n), ' ')
	}
	return string(decimal(text, protocol.Bit(m.Tokens)))
}

// decimal appends a number that is not below 0. strconv would be 300 bytes more.
func decimal(text []byte, n int32) []byte {
	if n > 9 {
		text = decimal(text, n/10)
	}
	return append(text, byte('0'+n%10))
}
