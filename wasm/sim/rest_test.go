package sim

// rest lets the network recover and the world come to rest; then all runs out
// twice, and each page calls once more.
func (w *world) rest() {
	if w.failure != "" {
		return
	}
	w.story.note("the end: all recovers")
	w.over, w.strict, w.retryAt = true, false, 0
	w.server.fault, w.server.refuses, w.server.wait = well, 0, 0
	for _, p := range w.pages {
		p.wake()
		p.look(false)
	}
	w.run(120_000)
	for _, p := range w.pages {
		if p.runs() && p.faulty && w.failure == "" {
			p.faulty = false
			p.askRefresh()
		}
	}
	for round := range 2 {
		if w.failure != "" {
			return
		}
		w.run(45_000)
		w.story.note("all runs out, and each page calls")
		w.server.expire(w)
		last, lives := map[*page]*call{}, map[*page]bool{}
		for _, p := range w.pages {
			if p.runs() && w.failure == "" {
				lives[p] = w.lives(p)
				last[p] = p.fetch(&call{})
			}
		}
		w.run(45_000)
		for _, p := range w.pages {
			if c := last[p]; c != nil && w.failure == "" {
				// A page may hear only now what it has missed.
				w.checkRest(p, c, lives[p] && (round == 1 || w.signedAt == 0 && !w.lossy))
			}
		}
	}
	if w.locks.holder != nil || len(w.locks.waiters) > 0 {
		w.broken("nothing held", "a lock is held or waited for at the end")
	}
	if len(w.inFlight) > 0 {
		w.broken("nothing held", "an exchange of %s is under way at the end", w.inFlight[0].p.name)
	}
}

// checkRest holds that a page is at rest, and that its last call was healed
// where its session lives.
func (w *world) checkRest(p *page, c *call, heals bool) {
	if !p.runs() {
		return // its login has led it away
	}
	for _, c := range p.calls {
		if c != nil {
			w.broken("nothing held", "%s: call %d has not settled at the end", p.name, c.id)
		}
	}
	if p.refreshers > 0 {
		w.broken("nothing held", "%s: refresh() has not settled at the end", p.name)
	}
	if c.settled != 1 {
		w.broken("settles once", "%s: the last call has settled %d times", p.name, c.settled)
	}
	if heals && w.lives(p) && c.status == 401 {
		w.broken("progress", "the last call of %s is answered with %d", p.name, c.status)
	}
}

// lives says that the session of a page can be renewed, as far as the page can
// know.
func (w *world) lives(p *page) bool {
	of := w.jar.of
	if w.bearer() {
		of = p.of
		if p.refresh == 0 || of != nil && !w.owned(of.refresh) {
			return false // what renews it went with the page that had it
		}
	} else if w.byApp() {
		of = p.app
	}
	switch {
	case of == nil || of.ended || of.refused || p.cleared || w.lost || w.loginOnly || w.lied || w.unnoted:
		return false
	case p.ended && (w.lossy || w.lockless || w.countsAnew()) && w.carrying():
		return false // what tells it otherwise can be lost, or is not for it
	}
	return true
}

// owned says that a page that runs has this refresh token.
func (w *world) owned(refresh int) bool {
	for _, p := range w.pages {
		if p.runs() && p.refresh == refresh {
			return true
		}
	}
	return false
}
