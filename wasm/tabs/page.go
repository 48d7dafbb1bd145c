package tabs

import "github.com/fetch401/fetch401/wasm/grant"

// Opened tells that the page runs and its channel is open: when it is born,
// and when it comes back from where it was Hid. A page to which nothing was noted
// asks what there is, and counts from the time of day (in milliseconds since 1970)
// on, above whoever has counted from an earlier one.
func (p *Page) Opened(now, calendar int64) {
	back := p.born
	asks := back || p.config.Share || p.top == 0 && p.jar()
	p.top = max(p.top, second(calendar))
	p.born, p.hidden = true, false
	if !back {
		p.bornAt = now
	}
	if back {
		p.until = 0
	}
	if asks {
		p.post(Ask, p.number, 0)
	}
	if p.untold {
		p.untold = false
		p.announce(Renewed, p.number)
	}
	if p.wanted {
		p.acquire(now)
	}
}

// Hid tells that the page stops running: it leaves, goes into the back/forward
// cache or is frozen. It neither holds nor waits for the lock from then on (it
// would be granted it, and stop all others), and its channel is closed. Its
// exchange is left behind: in a restored page it may never end (Firefox and
// WebKit), or renew the session after all.
func (p *Page) Hid(now int64) {
	if p.own != 0 {
		if p.astray { // what was told last is the other session
			p.announce(Began, p.own)
		}
		p.open, p.openAt, p.own = p.own, now, 0
	}
	p.letGo()
	p.do(Unmark, 0)
	p.hidden, p.doubt = true, p.joint()
}

// Reachable tells that the network is said to be back, or that the person has
// come back to the page: a failure from before keeps nobody from trying.
func (p *Page) Reachable() { p.until = 0 }

// SignedIn tells that the app has begun another session in this page, which may
// have been before the page was Opened: when, and at what time of day (in
// milliseconds since 1970). What is under way for the old one is dropped.
func (p *Page) SignedIn(now, calendar int64) { p.newSession(SignedIn, now, calendar) }

// SignedOut tells that the person has signed out in this page, and when.
func (p *Page) SignedOut(now, calendar int64) { p.newSession(SignedOut, now, calendar) }

// Dropped tells that the app has left the session, for one whose tokens are yet
// to come and are then SignedIn. The others still live on the cookie that this
// page's exchange is about to renew, and a browser ends no such request that is on
// its way, nor does an app: it is waited for, and tells nothing.
func (p *Page) Dropped() {
	p.leave(true)
	p.forget(never)
}

// newSession numbers the session that begins by the second in which it does, so
// that of two that pages begin unaware of each other the later is followed; and above
// those that were seen, where a clock was set back, by up to 32: two such pages are to
// agree on one of the two.
func (p *Page) newSession(kind Told, now, calendar int64) {
	if p.outdone(now, calendar) {
		p.follow(Message{})
		return
	}
	p.top = max(p.top, p.number, p.newest) + 1
	p.session = max(p.session+1+int32(p.random()&31), second(calendar))
	p.number = p.top
	if p.joint() { // otherwise it says nothing of the others' exchanges
		p.newest = p.top
	}
	p.leave(false)
	p.out = kind == SignedOut
	p.forget(begun(kind, now))
	p.announce(kind, p.number)
	p.ago(p.bornAt - now)
}

// outdone says that what happened then, before the page was Opened, was followed by the
// session that others have begun, or ended, since. Where a clock was set back, that is
// not known.
func (p *Page) outdone(now, calendar int64) bool {
	return p.joint() && second(calendar) < p.session && p.session <= second(calendar+p.bornAt-now)
}

// begun is since when an exchange may have been sent with the cookie of the session that
// was told of by a message of this kind, then: an app tells a little after it has it.
func begun(kind Told, then int64) int64 {
	switch kind {
	case SignedIn:
		return then - lateness
	case SignedOut:
		return then
	}
	return never
}

// second numbers the seconds of the time of day, for 17 years.
func second(calendar int64) int32 { return int32(calendar/1000) & (limit/2 - 1) }

// changed notes that another session has begun elsewhere; the message, age
// milliseconds old, need not be the one that was to tell of it. An exchange may have
// been sent with the next session's cookie, and rotate that, unless it began before
// the person can have signed in: it is waited for, and tells nothing.
func (p *Page) changed(now, age int64, m Message) {
	p.session = m.Session
	out := m.Kind == SignedOut
	if !p.joint() && !out && !p.out {
		return // each page signs in by itself
	}
	since := begun(m.Kind, now-age-int64(m.Wait))
	p.leave(p.ownAt > since)
	p.forget(since)
	p.out = out
	if p.probes() {
		p.newest = max(p.newest, m.Newest)
		p.number = p.newest
	} else {
		// Who has begun it need not have seen the numbers of the one before.
		p.newest, p.number = m.Newest, 0
		if m.Tokens {
			p.number = m.Number
		}
	}
	p.follow(m)
}

// follow goes over to the session in which the page is now, and which m has told of.
func (p *Page) follow(m Message) {
	switch {
	case p.out:
		p.do(SignOut, 0)
	case m.Tokens:
		p.do(SignIn, p.number)
	default:
		p.do(SignIn, 0)
		if p.Behind() {
			p.post(Ask, p.number, 0)
		}
	}
}

// leave leaves the session that there is. This page's exchange is waited for, or
// dropped: always where its refresh token is the page's own.
func (p *Page) leave(waits bool) {
	p.wanted = false
	p.astray = waits && p.own != 0 && p.config.Kind != grant.Token
	if p.astray {
		return
	}
	if p.own != 0 {
		p.do(Abort, p.own)
	}
	p.own = 0
	p.letGo()
}

// forget forgets what was known of the session before, and the exchange that is
// under way elsewhere unless it was begun since.
func (p *Page) forget(since int64) {
	p.since = since
	if p.openAt <= since || p.config.Kind == grant.Token {
		p.open = 0
	}
	p.doubt, p.asked = false, 0
	p.failures, p.until = 0, 0
}
