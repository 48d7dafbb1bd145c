package sim

import (
	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// What must be true whatever happens. Each has a name, which a failure prints:
//
//	one at a time   one exchange with one refresh token is in flight, and one of
//	                the pages that share a session
//	survival        no session ends unless the server has ended it
//	means           nobody exchanges without anything to exchange, or after a sign-out
//	backoff         nobody tries again earlier than a failure allows
//	one an expiry   where nothing goes wrong, nobody exchanges what is good
//	origin          no token goes to a URL that is not protected
//	own session     no call goes with the credentials of another session
//	own person      where persons are named, no call goes with those of another
//	settles once    each call is answered once
//	sends           a call is tried at most once a generation, and three times
//	processed       a write that the server has done is not sent again
//	waits           no call waits longer than it may
//	nothing held    at the end nobody holds or waits for anything
//	progress        at the end each session that lives heals a call; no events without end

// checkExchange holds that a page may exchange.
func (w *world) checkExchange(q *request) {
	p := q.p
	switch {
	case w.bearer() && q.refresh == 0:
		w.broken("means", "%s exchanges without a refresh token", p.name)
	case w.kind == protocol.KindApp && !p.able:
		w.broken("means", "%s exchanges before its app can", p.name)
	case w.loginOnly:
		w.broken("means", "%s exchanges, and nothing renews its session", p.name)
	case p.cleared:
		w.broken("means", "%s exchanges after a sign-out", p.name)
	}
	// A page that stops running just then lets the names of what it tells go.
	if by := w.retryBy; w.now < w.retryAt && (by.stoppedAt == 0 || w.now-by.stoppedAt >= 300) {
		w.broken("backoff", "%s exchanges %d ms too early", p.name, w.retryAt-w.now)
	}
	for _, other := range w.pages {
		if access := w.has(other); w.strict && w.server.good(w, access) && !w.nearEnd(access) {
			w.broken("one an expiry", "%s exchanges what is good, as %s has it", p.name, other.name)
		}
	}
	for _, before := range w.sent {
		w.lost = w.lost || before.refresh == q.refresh && w.unheard(p, before)
	}
	if w.lost || w.lockless {
		return
	}
	for _, other := range w.inFlight {
		if w.kind == protocol.KindApp && other.left && w.now-other.at >= 20_000 {
			continue // the function of an app cannot be ended: that is when it is given up
		}
		if w.sleptAll != other.slept && w.now-other.at >= 25_000 {
			w.lost = true // an answer over which the machine has slept is not waited for longer than others
			return
		}
		if other.refresh == q.refresh && q.refresh != 0 && (other.p.runs() || w.keepalive()) {
			w.broken("one at a time", "%s exchanges refresh token %d beside %s", p.name, q.refresh, other.p.name)
		}
		if w.joint() && other.p.runs() && !other.left && other.p != p {
			w.broken("one at a time", "%s exchanges beside %s", p.name, other.p.name)
		}
	}
}

// nearEnd says that an access token runs out so soon that a page may know it.
func (w *world) nearEnd(access int) bool {
	return w.lasting && w.server.access[access].expires-w.serverTime() < 5_000
}

// has is the access token that calls of a page go with.
func (w *world) has(p *page) int {
	if w.carrying() {
		return p.present
	}
	return w.jar.access
}

// unheard says that a page cannot know of an exchange, by the means that there
// are: the page that made it stopped running just now, and this one, asking for
// a lock that was free, did not even wait for it; or nothing was kept, or
// nobody can say when (the time of day was set), and this one did not run
// when it was told, or did not hear it.
func (w *world) unheard(p *page, q *request) bool {
	return q.p != p && q.p.stoppedAt != 0 && (p.lock == nil || !p.lock.contended) && w.now-q.p.stoppedAt < 300 ||
		w.forgetful && p.openedAt > q.at || w.shiftedAt >= q.at && (w.lossy || p.openedAt > q.at)
}

// checkReuse holds that a session ended by the use of a spent token was lost.
func (w *world) checkReuse(f *family, sent int) {
	if !w.lost && !w.lockless {
		w.broken("survival", "session %d is ended by the use of refresh token %d, which is spent", f.number, sent)
	}
}

// checkReply notes until when nobody tries again.
func (w *world) checkReply(q *request, r reply) {
	switch {
	case !w.outages:
	case r.renews():
		w.retryAt = 0
	case r.status != 429 && r.status < 500 && r.bits != protocol.AppFailed:
	case q.p.request == q && !q.left:
		w.retryBy, w.failedAt = q.p, w.now
		w.retryAt = w.now + max(1_000, int64(r.seconds)*1_000)
	}
}

// checkPage holds that its session has not ended by itself.
func (w *world) checkPage(p *page) {
	ended := p.tab.Fact(protocol.FactEnded) == 1
	if ended && !p.ended && !p.cleared && !w.mayEnd(p) {
		w.broken("survival", "the session of %s ends, and the server has not ended it", p.name)
	}
	p.ended = ended
}

// mayEnd says that there was reason to take the session of a page for ended:
// the server has said so, refuses good credentials, or is nobody to ask.
func (w *world) mayEnd(p *page) bool {
	of := p.of
	switch {
	case w.byApp():
		of = p.app
	case !w.bearer():
		of = w.jar.of
	}
	if q := p.request; q != nil && q.at >= p.toldAt && (q.of == nil || q.of.refused) || p.told != nil && p.told.refused ||
		p.told == nil && p.loadedWith != nil && p.loadedWith.refused {
		return true // it has not yet heard of the next, nor has one that exchanged where nobody was signed in
	}
	return p.inVain || w.loginOnly || w.lost || of == nil || of.refused || w.bearer() && (p.refresh == 0 || w.lossy || w.countsAnew() || !w.owned(of.refresh)) || w.unnoted || w.lockless
}

// countsAnew says that somebody may have signed in in a page that did not know yet how
// far the others have counted: they may then wait for tokens that nobody has.
func (w *world) countsAnew() bool { return w.forgetful && w.signedAt != 0 }

// checkStarted holds that what is out of scope is not the program's.
func (w *world) checkStarted(c *call, generation int32) {
	c.next = c.p.tab.Fact(protocol.FactGeneration)
	if c.sent {
		c.generation = c.next
	}
	if c.stray != "" && generation != protocol.Stray {
		w.broken("origin", "%s: the call to %s is taken for a protected one", c.p.name, c.stray)
	}
}

// checkSend holds that a call may be sent, with what it carries.
func (w *world) checkSend(c *call, token, access int) {
	p := c.p
	if c.stray != "" {
		if token != 0 {
			w.broken("origin", "%s: a token goes to %s", p.name, c.stray)
		}
		return
	}
	if c.write && c.done {
		w.broken("processed", "%s: the server has done call %d, which is sent again", p.name, c.id)
	}
	if c.flags&protocol.Stream != 0 && c.sends > 0 {
		w.broken("sends", "%s: call %d has a stream for a body, and is sent again", p.name, c.id)
	}
	w.checkCredentials(c, token, access)
	c.probing = c.sends > 0 && c.generation == c.next
	if c.probing && (w.kind != protocol.KindCookie || !w.alone && !w.lockless && !c.locked) {
		w.broken("sends", "%s: call %d is sent again in generation %d", p.name, c.id, c.next)
	}
	c.sends++
	c.generation = c.next
	if c.sends > 3 && !c.probing {
		w.broken("sends", "%s: call %d is sent %d times", p.name, c.id, c.sends)
	}
}

// checkCredentials holds that a call goes with those of its own session. Where
// that is a cookie's, a page can look to it only once it has been told of another.
func (w *world) checkCredentials(c *call, token, access int) {
	p := c.p
	if token != 0 {
		of := w.server.access[token].of
		if c.person != 0 && c.person != w.subject(of) {
			w.broken("own person", "%s: call %d goes with token %d, which is another person's", p.name, c.id, token)
		}
		same := c.person != 0 && c.person == w.subject(of)
		if int(c.session) != p.session || c.of != nil && of != c.of && !same && (w.bearer() || p.told == of && !w.lockless && !w.unnoted) {
			w.broken("own session", "%s: call %d of another session goes with token %d", p.name, c.id, token)
		}
		return
	}
	if access != 0 && c.person != 0 && !w.misled && (p.knows != 0 && c.person != p.knows || p.named == w.jar.of && c.person != w.subject(p.named)) {
		w.broken("own person", "%s: call %d goes with the cookies of another person", p.name, c.id)
	}
	if same := c.person != 0 && access != 0 && c.person == w.subject(w.jar.of); same {
		return
	}
	if !w.carrying() && access != 0 && c.sends > 0 && w.jar.of != c.jar && p.told == w.jar.of {
		w.broken("own session", "%s: call %d is sent again with the cookies of another session", p.name, c.id)
	}
}

// checkServed holds that the server does a write once.
func (w *world) checkServed(c *call, done bool) {
	if done && c.write && c.done {
		w.broken("processed", "%s: the server does call %d twice", c.p.name, c.id)
	}
	c.done = c.done || done
	if !done && c.probing {
		c.sends-- // it was sent with the same credentials, and counts for nothing
	}
}

// checkDelivered holds that there is a 401 to deliver.
func (w *world) checkDelivered(c *call) {
	if !c.unauthorized {
		w.broken("settles once", "%s: there is no 401 of call %d to deliver", c.p.name, c.id)
	}
}

// checkSettled holds that a call is answered once, and in time.
func (w *world) checkSettled(c *call) {
	if c.settled > 1 {
		w.broken("settles once", "%s: call %d is answered again", c.p.name, c.id)
	}
	w.checkWait(c)
}

// checkWait holds that a call has not waited longer than calls do, in a page
// that ran all the time.
func (w *world) checkWait(c *call) {
	if c.heldAt == 0 || c.p.stoppedAt >= c.heldAt || c.p.lateUntil >= c.heldAt || c.p.decidesAt > c.heldAt {
		return
	}
	if waited := w.now - c.heldAt; waited > timeout+1 {
		w.broken("waits", "%s: call %d has waited %d ms", c.p.name, c.id, waited)
	}
}

// heardOf notes of which session a page has been told.
func (w *world) heardOf(p *page, m tabs.Message) {
	if m.Kind == 0 || m.Session <= p.session32 {
		return
	}
	p.session32, p.toldAt = m.Session, p.w.now
	if of := w.bySession[m.Session]; of != nil {
		p.told = of
	}
}
