package tabs

// Heard tells of a message of another page, told age milliseconds ago.
func (p *Page) Heard(now, age int64, m Message) {
	if p.hidden || !m.valid() {
		return
	}
	if m.Kind < SignedIn {
		age = 0 // it may be that a clock was set; what is under way is waited for too long rather than not at all
	}
	m.Tokens = m.Tokens && p.config.Share
	p.hear(now, age, m)
}

// Noted tells of the message that was last kept, age milliseconds ago. It is
// told before the channel is Opened, so that a page that is born or comes back
// knows what it did not hear, and again before the page is Granted the lock,
// SignedIn or SignedOut, and before a [Page.Tick] that was waited for.
func (p *Page) Noted(now, age int64, m Message) {
	if !m.valid() {
		return
	}
	if !p.born {
		p.loaded(now, age, m)
	}
	if m.Kind == Ended && (!p.born || p.hidden) {
		// Nothing more will be heard of it, and its name may be there for as
		// long as the page that was refused.
		p.over = max(p.over, m.Number)
	}
	switch {
	case m.Kind == Ended, // the person may have signed in since
		m.Kind == Failed && m.Number <= p.over, // it is known
		m.Kind == Began && m.Number == p.open:  // where the clock was set back, it would be news for ever
		m.Kind = 0
	}
	m.Tokens = false // they rest nowhere
	p.hear(now, max(age, 0), m)
}

// loaded notes what the page is given when it loads: the newest that there is.
// Calls may have been sent before the program came, though, and before what was
// told since the page began to load.
func (p *Page) loaded(now, age int64, m Message) {
	since := age < now
	p.newest = m.Newest
	if p.probes() {
		p.number = p.newest
	}
	if m.Kind == Renewed && since {
		p.loading = now - age + loadLimit
	}
	if m.Kind < SignedIn || !since || !p.probes() {
		p.session = m.Session
	}
}

func (p *Page) hear(now, age int64, m Message) {
	switch {
	case m.Session > p.session, m.Session == p.session && p.begins(m):
		p.changed(now, age, m)
	case m.Session < p.session && p.joint():
		if !p.out || m.Kind == Ask {
			p.answer(now, m)
		}
		// What is kept may be read as it was before another page kept something
		// newer: what was forgotten stays so.
		if m.Kind != Began || !p.jar() || now-age <= p.since {
			return
		}
	}
	p.top, p.newest = max(p.top, m.Number), max(p.newest, m.Newest)
	switch m.Kind {
	case Began:
		// Whatever the number and the session: the sender may count from long
		// ago, and its cookies are today's.
		if p.joint() {
			p.open, p.openAt = m.Number, now-age
			if p.phase == asking {
				p.at = now + askLimit
			}
		}
	case Renewed, Have:
		p.heardRenewed(m)
	case Failed, Ended:
		p.heardFailed(now, age, m)
	case Ask:
		p.answer(now, m)
	}
}

// begins says that a message begins a session that is no longer the one of the same
// number: two may begin in the same second, in pages that have not heard of each other.
func (p *Page) begins(m Message) bool {
	return (m.Kind == SignedIn || m.Kind == SignedOut) && m.Newest > p.newest
}

func (p *Page) heardRenewed(m Message) {
	if m.Kind == Renewed && m.Number >= p.open && p.joint() {
		p.open = 0
	}
	switch {
	case (p.probes() || m.Tokens) && m.Number > p.number:
		p.adopt(m.Number)
	case !p.config.Share:
		p.up(m.Number)
	}
}

func (p *Page) heardFailed(now, age int64, m Message) {
	if m.Number == p.open {
		p.open = 0
	}
	p.over = max(p.over, m.Number)
	if m.Number <= p.newest {
		return
	}
	if m.Kind == Ended {
		if p.joint() {
			p.end()
		}
		return
	}
	if m.Number < p.over {
		return // another has failed since
	}
	p.failures = min(max(m.Failures, 0), maxFailures)
	p.until = now - age + min(int64(m.Wait), longestAsked)
	if p.phase != exchanging && now < p.until {
		p.fail()
	}
}

// answer tells a page that is behind what it has missed.
func (p *Page) answer(now int64, m Message) {
	switch {
	case m.Session == p.session && m.Number >= p.number:
	case p.out:
		p.post(SignedOut, p.number, 0)
		p.ago(now - p.since)
	case p.probes() || p.config.Share && p.number != 0 || m.Session < p.session && p.jar():
		p.post(Have, p.number, 0)
	}
}
