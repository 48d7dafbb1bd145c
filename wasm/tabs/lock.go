package tabs

import "github.com/fetch401/fetch401/wasm/grant"

// Wanted tells that the session waits for a renewal. What comes of it is an
// Exchange, a Probe, an Adopt or a Fail, at once or later.
func (p *Page) Wanted(now int64) {
	p.wanted = true
	p.acquire(now)
}

// Unwanted tells that nothing waits for a renewal any more. An exchange that
// is under way goes on.
func (p *Page) Unwanted() {
	p.wanted = false
	if p.phase < exchanging && p.phase != probing {
		p.letGo()
	}
}

func (p *Page) acquire(now int64) {
	switch {
	case p.hidden || p.phase != idle && p.phase != telling:
	case now < p.until:
		p.fail()
	case p.phase == telling:
	case p.config.Alone:
		p.next(now)
	default:
		p.phase, p.at = waiting, now+lockLimit
		p.do(Acquire, 0)
	}
}

// Granted tells that this page has the lock; whether somebody else had it
// before, so that it was not free at once; and the highest numbers in the names
// that a query after the grant showed (0 for none, below 0 where the query
// failed).
func (p *Page) Granted(now int64, contended bool, renewed, failed int32) {
	if p.phase != waiting {
		p.do(Release, 0)
		return
	}
	p.phase, p.rests = resting, 0
	p.newest = max(p.newest, renewed)
	p.top = max(p.top, renewed, failed)
	switch {
	case p.probes() && (p.newest > p.number || now < p.loading):
		p.loading = 0
		p.adopt(p.newest)
		return
	case failed > p.over && failed > p.newest:
		// It failed while this page waited. Whether for good, and when to try
		// again, is yet to be heard.
		p.until = max(p.until, now+firstWait)
		p.phase, p.at = hearing, now+lateness
		return
	}
	if contended || p.Behind() {
		p.late = now + lateness
	}
	p.doubt = p.doubt || p.joint() && (contended || renewed < 0)
	p.next(now)
}

// LockFailed tells that there is no lock to be had at all: the page goes on
// alone.
func (p *Page) LockFailed(now int64) {
	p.alone()
	if p.phase == waiting {
		p.next(now)
	}
}

// next decides what to do with the lock.
func (p *Page) next(now int64) {
	open := p.underWay(now)
	switch {
	case !p.wanted:
		p.letGo()
	case !open && !p.doubt && !p.Behind():
		p.exchange(now)
	case p.probes():
		p.probe(now)
	case open || p.config.Share && p.config.Kind == grant.Token:
		p.ask(now, askLimit)
	case now < p.late:
		p.ask(now, p.late-now)
	default:
		p.exchange(now)
	}
}

// underWay says that an exchange is open elsewhere, as far as is known.
func (p *Page) underWay(now int64) bool { return p.open != 0 && now-p.openAt < openLimit }

// ask gives the others time to tell what they know.
func (p *Page) ask(now, limit int64) {
	p.phase, p.at = asking, now+limit
	if p.config.Share || p.probes() {
		p.post(Ask, p.number, 0)
	}
}

// letGo gives up the lock, or the wait for it.
func (p *Page) letGo() {
	switch p.phase {
	case idle:
		return
	case waiting:
		p.do(Withdraw, 0)
	default:
		p.do(Release, 0)
	}
	p.phase = idle
}

// fail lets what waits go on as it is.
func (p *Page) fail() {
	if p.wanted {
		p.wanted = false
		p.do(Fail, 0)
	}
	if p.phase != telling {
		p.letGo()
	}
}

// Due is when Tick is to be told, 0 for never.
func (p *Page) Due() int64 {
	if p.phase == idle {
		return 0
	}
	return p.at
}

// Tick tells that time has passed.
func (p *Page) Tick(now int64) {
	if p.phase == idle || now < p.at {
		return
	}
	switch p.phase {
	case waiting, hearing:
		p.fail()
	case probing:
		p.Probed(now, Nothing)
	case resting:
		p.probe(now)
	case asking:
		p.unanswered(now)
	case telling:
		p.tellFailure(now)
		if p.wanted {
			p.acquire(now)
		}
	case exchanging:
		if p.respite == 0 || p.respite < maxRespites && now-p.at > lateness {
			// The machine, or the page, may have slept until now: the answer may be about
			// to come.
			p.respite++
			p.at = now + askLimit
			return
		}
		p.do(Abort, p.own)
		if !p.astray {
			p.do(Fail, 0)
		}
		p.Exchanged(now, Result{Number: p.own, Class: grant.Transient, Network: true})
	}
}

// unanswered goes on without what others could have told.
func (p *Page) unanswered(now int64) {
	switch {
	case p.probes() && p.underWay(now):
		p.probe(now)
		return
	case !p.spent():
		p.exchange(now)
		return
	}
	if p.asked == 0 {
		p.asked = now
	}
	if now-p.asked < openLimit {
		p.fail()
		return
	}
	// Whoever had the newer tokens is gone, and they with it.
	p.asked = 0
	p.end()
}
