package tabs

// Opened tells that the page runs and its channel is open: when it is born,
// and when it comes back from where it was Hid.
func (p *Page) Opened(now int64) {
	back := p.born
	p.born, p.hidden = true, false
	if back {
		p.until = 0
	}
	if back || p.config.Share {
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
		p.open, p.openAt, p.own = p.own, now, 0
	}
	p.letGo()
	p.do(Unmark, 0)
	p.hidden, p.doubt = true, p.joint()
}

// Reachable tells that the network is said to be back, or that the person has
// come back to the page: a failure from before keeps nobody from trying.
func (p *Page) Reachable() { p.until = 0 }

// SignedIn tells that the app has begun another session in this page. What is
// under way for the old one is dropped.
func (p *Page) SignedIn() { p.newSession(SignedIn) }

// SignedOut tells that the person has signed out in this page.
func (p *Page) SignedOut() { p.newSession(SignedOut) }

// Dropped tells that the app has left the session, for one whose tokens are yet
// to come and are then SignedIn. What is under way is dropped.
func (p *Page) Dropped() { p.drop(true) }

// newSession numbers the session that begins above all that were seen. Its last ten
// bits are random, so that two pages that begin one at the same time agree on
// one of the two.
func (p *Page) newSession(kind Told) {
	p.session = (p.session>>10+1)<<10 | int32(p.random()&1023)
	p.top = max(p.top, p.number, p.newest) + 1
	p.number = p.top
	if p.joint() { // otherwise it says nothing of the others' exchanges
		p.newest = p.top
	}
	p.drop(true)
	p.out = kind == SignedOut
	p.announce(kind, p.number)
}

// changed notes that another session has begun elsewhere; the message need not
// be the one that was to tell of it. This page's exchange may have been sent
// with the next session's cookie, and rotate that, unless it began before the
// message can have been sent: it is waited for, and tells nothing.
func (p *Page) changed(now int64, m Message) {
	p.session = m.Session
	out := m.Kind == SignedOut
	if !p.joint() && !out && !p.out {
		return // each page signs in by itself
	}
	p.astray = p.own != 0 && !out && (m.Kind != SignedIn || now-(p.at-exchangeLimit) < lateness)
	p.drop(!p.astray)
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
	switch {
	case out:
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

// drop forgets all that was for the session before, its exchange too if abort
// is set.
func (p *Page) drop(abort bool) {
	p.open = 0
	p.wanted, p.doubt, p.asked = false, false, 0
	p.failures, p.until = 0, 0
	if !abort {
		return
	}
	if p.own != 0 {
		p.do(Abort, p.own)
	}
	p.own = 0
	p.letGo()
}
