package tabs

// lockRequest is one page's navigator.locks.request of the exclusive lock.
type lockRequest struct {
	tab       *tab
	contended bool
	granted   bool
	gone      bool // let go, or no longer wanted
}

// lockName is a shared lock that is held for a while.
type lockName struct {
	tab    *tab
	kind   Kind
	number int32
	until  int64
}

func (w *world) acquire(t *tab) {
	q := &lockRequest{tab: t, contended: w.holder != nil || len(w.waiters) > 0}
	t.lock = q
	w.waiters = append(w.waiters, q)
	w.grant()
}

func (w *world) grant() {
	if w.holder != nil || len(w.waiters) == 0 {
		return
	}
	q := w.waiters[0]
	w.waiters = w.waiters[1:]
	w.holder, q.granted = q, true
	w.after(w.between(0, 2), func() {
		renewed, failed := int32(0), int32(0)
		for _, n := range w.names {
			switch {
			case n.until <= w.now:
			case n.kind == MarkRenewed:
				renewed = max(renewed, n.number)
			default:
				failed = max(failed, n.number)
			}
		}
		if w.blind {
			renewed, failed = -1, 0
		}
		w.after(w.between(0, 1), func() {
			if q.gone || !q.tab.runs() {
				return
			}
			w.note(q.tab)
			q.tab.event("granted, contended %v, renewed %d, failed %d", q.contended, renewed, failed)
			q.tab.p.Granted(w.now, q.contended, renewed, failed)
			q.tab.effects()
		})
	})
}

// release lets the lock, or the wait for it, go.
func (w *world) release(q *lockRequest) {
	if q == nil || q.gone {
		return
	}
	q.gone = true
	for i, one := range w.waiters {
		if one == q {
			w.waiters = append(w.waiters[:i], w.waiters[i+1:]...)
			break
		}
	}
	if w.holder == q {
		w.holder = nil
		w.grant()
	}
}

func (w *world) unmark(t *tab) {
	kept := w.names[:0]
	for _, n := range w.names {
		if n.tab != t {
			kept = append(kept, n)
		}
	}
	w.names = kept
}

// keptMessage is what localStorage holds; other pages see it a little later.
type keptMessage struct {
	m    Message
	by   *tab
	at   int64
	seen int64
}

func (w *world) note(t *tab) {
	for i := len(w.kept) - 1; i >= 0; i-- {
		k := w.kept[i]
		if k.seen <= w.now || k.by == t {
			t.event("noted %s, %d ms ago", k.m, w.now-k.at)
			t.p.Noted(w.now, w.now-k.at, k.m)
			return
		}
	}
}

// announce sends the message to each page whose channel is open when it
// arrives.
func (w *world) announce(from *tab, e Effect) {
	m := e.Message
	if e.Number == 1 && !w.forgetful {
		late := int64(0)
		if !w.lossy && !w.rarely(4) { // what is lost is relied on to be kept
			late = w.between(0, 150)
		}
		kept := m
		kept.Tokens = false
		w.kept = append(w.kept, keptMessage{kept, from, w.now, w.now + late})
	}
	if !from.runs() {
		return
	}
	m.Tokens = m.Tokens && from.tokens.access != 0
	tokens := from.tokens
	for _, to := range w.pages {
		if to == from {
			continue
		}
		copies := 1
		if w.lossy && !w.quiet {
			copies = w.r.Intn(4)
			if copies == 3 {
				copies = 1
			}
		}
		for ; copies > 0; copies-- {
			late := w.between(0, 3)
			if w.rarely(4) {
				late = w.between(0, 150)
			}
			// What one page sends another arrives in order.
			if !w.lossy {
				late = max(late, to.lastFrom[from]-w.now)
				to.lastFrom[from] = w.now + late
			}
			w.after(late, func() { to.hear(from, m, tokens) })
		}
	}
}
