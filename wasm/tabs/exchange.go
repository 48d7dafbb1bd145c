package tabs

import "github.com/fetch401/fetch401/wasm/grant"

// Result is what an exchange brought.
type Result struct {
	// Number is that of the Exchange effect.
	Number int32
	// Class is what the answer means. A grant.Fault is taken as for now.
	Class grant.Class
	// Network says that there was no answer, so that the server may have
	// renewed the session all the same.
	Network bool
	// RetryAfter is what the server asked to wait, in milliseconds, 0 for
	// nothing (RFC 9110 §10.2.3). At most ten minutes are heeded.
	RetryAfter int64
}

// exchange begins an exchange. It is told before it is sent: whoever gets the
// lock should this page die knows that it may be under way.
func (p *Page) exchange(now int64) {
	p.open, p.astray, p.respite = 0, false, 0
	p.top = max(p.top, p.number, p.newest) + 1
	p.own, p.ownAt, p.from = p.top, now, p.number
	p.phase, p.at = exchanging, now+exchangeLimit
	p.announce(Began, p.own)
	p.do(Exchange, p.own)
}

// Exchanged tells how an exchange of this page ended. It returns false where
// that is to be ignored: another session has begun, or something newer is
// there. An exchange that was left behind (see [Page.Hid]) may still renew
// the session.
func (p *Page) Exchanged(now int64, r Result) bool {
	own := p.own != 0 && r.Number == p.own
	if r.Number == p.open {
		p.open = 0
	}
	if own && p.astray {
		p.own = 0
		p.announce(Failed, r.Number) // it is over, and keeps nobody waiting
		p.next(now)
		return false
	}
	if r.Class == grant.Renewed {
		if !own && r.Number <= p.number {
			return false
		}
		p.have(max(r.Number, p.number+1))
		p.announceRenewal()
		if own {
			p.own = 0
			p.letGo()
		} else if p.phase != exchanging {
			p.letGo()
		}
		return true
	}
	if !own {
		return false
	}
	p.own = 0
	p.wanted = false
	p.doubt = r.Network && p.joint()
	p.over = r.Number
	// A refusal is for now where a renewal came to light meanwhile: it may
	// have used up what this exchange was refused for.
	if r.Class == grant.Final && p.number == p.from {
		p.announce(Ended, r.Number)
		if p.joint() { // otherwise it is the end of this page's session alone
			p.do(MarkFailed, r.Number)
		}
		p.letGo()
		return true
	}
	p.backOff(now, r)
	if !p.jar() && (r.Network || p.config.Kind == grant.App) {
		// Firefox, and at times WebKit, fails the requests of a page that is about to be
		// left. Who takes the lock of such a page goes on as after a crash.
		p.phase, p.at = telling, now+leaveLimit
	} else {
		p.tellFailure(now)
	}
	return true
}

// backOff decides when somebody may try again: exponential backoff with full
// jitter, over all pages.
func (p *Page) backOff(now int64, r Result) {
	p.failures = min(p.failures+1, maxFailures)
	wait := min(r.RetryAfter, longestAsked)
	if wait < firstWait {
		window := min(int64(firstWait)<<p.failures, longestWait)
		wait = firstWait + int64(p.random())%(window-firstWait+1)
	}
	p.until = now + wait
}

// tellFailure tells that an exchange of this page has failed for now, and lets the
// lock go.
func (p *Page) tellFailure(now int64) {
	p.announce(Failed, p.over)
	m := &p.effects[len(p.effects)-1].Message
	m.Wait, m.Failures = int32(max(p.until-now, 0)), p.failures
	p.do(MarkFailed, p.over)
	p.letGo()
}

// have notes that this page has renewal n.
func (p *Page) have(n int32) {
	p.number = n
	p.newest = max(p.newest, n)
	if n >= p.open {
		p.open = 0
	}
	p.wanted, p.doubt, p.asked = false, false, 0
	p.up(n)
}

// up notes that the server has answered exchange n well. One that failed later
// keeps everybody waiting all the same.
func (p *Page) up(n int32) {
	if n >= p.over {
		p.failures, p.until = 0, 0
	}
}

// announceRenewal tells the others of the renewal that this page has found or made.
func (p *Page) announceRenewal() {
	p.untold = p.hidden
	p.announce(Renewed, p.number)
	if !p.hidden {
		p.do(MarkRenewed, p.number)
	}
}

// Has says that a message speaks of the credentials that this page has.
func (p *Page) Has(m Message) bool {
	return (m.Kind == Renewed || m.Kind == Have) && m.Number == p.number && m.Session == p.session
}

// adopt takes over renewal n, made elsewhere. An exchange of this page that is
// under way goes on; it keeps the lock.
func (p *Page) adopt(n int32) {
	p.have(n)
	p.do(Adopt, n)
	if p.phase != exchanging {
		p.letGo()
	}
}

// end ends the session: it cannot be renewed.
func (p *Page) end() {
	p.wanted = false
	p.do(End, 0)
	if p.phase != exchanging {
		p.letGo()
	}
}

// Found is what a probe has found.
type Found uint8

const (
	// Nothing: there was no call to send, or no answer.
	Nothing Found = iota
	// Stale: the call was answered with 401 again.
	Stale
	// Fresh: the call was answered otherwise; the session has been renewed.
	Fresh
)

func (p *Page) probe(now int64) {
	p.phase, p.at = probing, now+probeLimit
	p.do(Probe, 0)
}

// Probed tells what came of the Probe. What comes later than it was waited for
// says nothing.
func (p *Page) Probed(now int64, found Found) {
	if p.phase != probing {
		return
	}
	switch {
	case found == Fresh:
		p.have(max(p.number+1, p.open, p.newest))
		p.do(Adopt, p.number)
		p.announceRenewal()
		p.letGo()
	case !p.wanted:
		p.letGo()
	case p.underWay(now):
		p.phase, p.at = resting, now+min(int64(firstRest)<<p.rests, longestRest)
		p.rests = min(p.rests+1, 4)
	case now < p.late:
		p.phase, p.at = resting, p.late
	case found == Nothing:
		p.ask(now, askLimit)
	default:
		p.exchange(now)
	}
}
