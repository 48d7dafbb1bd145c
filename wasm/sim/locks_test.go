package sim

import (
	"slices"
	"strconv"

	"github.com/fetch401/fetch401/wasm/protocol"
)

// locks are the Web Locks of the origin.
type locks struct {
	holder  *lock
	waiters []*lock
	names   []lockName
}

// lock is a request of a page for the one lock, as js/src/program/locks.js makes
// it: first without waiting.
type lock struct {
	p         *page
	contended bool // somebody else had it
	gone      bool // let go, or no longer wanted
}

// lockName is a shared lock, which is held for a while.
type lockName struct {
	p           *page
	kind        protocol.Effect
	number      int32
	subject     int32
	from, until int64
}

func decimal(n int32) string { return strconv.Itoa(int(n)) }

func (w *world) acquire(p *page) {
	q := &lock{p: p}
	p.lock = q
	if w.lockless {
		w.after(0, func() {
			p.when(func() {
				if !q.gone {
					w.story.happens(w.now, "%s: lock_failed", p.name)
					p.tell(protocol.LockFailed, 0, 0, "")
				}
			})
		})
		return
	}
	w.after(w.between(0, 1), func() {
		if q.gone || p.life == dead {
			return
		}
		q.contended = w.locks.holder != nil || len(w.locks.waiters) > 0
		w.locks.waiters = append(w.locks.waiters, q)
		w.grant()
	})
}

// grant gives the lock to who has waited longest, who then looks which names
// are held.
func (w *world) grant() {
	l := &w.locks
	if l.holder != nil || len(l.waiters) == 0 {
		return
	}
	q := l.waiters[0]
	l.waiters = l.waiters[1:]
	l.holder = q
	w.after(w.between(0, 2), func() {
		renewed, failed := w.newest(protocol.MarkRenewed), w.newest(protocol.MarkFailed)
		if w.blind {
			renewed, failed = -1, 0
		}
		w.after(w.between(0, 1), func() {
			q.p.when(func() {
				if q.gone {
					return
				}
				q.p.note()
				if q.gone {
					return // another session has begun
				}
				w.story.happens(w.now, "# %s has the lock, contended %v, renewed %d, failed %d", q.p.name, q.contended, renewed, failed)
				q.p.telling, q.p.tellingOf = w.subjectIn(renewed), renewed
				q.p.tab.Granted(q.p.clock().Now, q.contended, renewed, failed, q.p.telling)
				q.p.perform()
				q.p.telling, q.p.tellingOf = 0, 0
			})
		})
	})
}

// newest is the highest number in the names that are held.
func (w *world) newest(kind protocol.Effect) int32 {
	newest := int32(0)
	for _, n := range w.locks.names {
		if n.kind == kind && n.from <= w.now && w.now < n.until {
			newest = max(newest, n.number)
		}
	}
	return newest
}

// subjectIn is whose the session is, as the name of a renewal says.
func (w *world) subjectIn(renewed int32) int32 {
	for _, n := range w.locks.names {
		if n.kind == protocol.MarkRenewed && n.number == renewed && n.from <= w.now && w.now < n.until {
			return n.subject
		}
	}
	return 0
}

// mark takes a name for a while.
func (w *world) mark(p *page, kind protocol.Effect, number, subject int32) {
	from := w.now + w.between(0, 2)
	p.marks = append(p.marks, from)
	w.locks.names = append(w.locks.names, lockName{p, kind, number, subject, from, w.now + protocol.MarkFor})
}

// unmark lets all names of the page go.
func (w *world) unmark(p *page) {
	p.marks = nil
	w.locks.names = slices.DeleteFunc(w.locks.names, func(n lockName) bool { return n.p == p || n.until <= w.now })
}

// release lets the lock go, once the names are held that were asked for before,
// or the wait for it.
func (w *world) release(p *page) {
	q := p.lock
	if q == nil || q.gone {
		return
	}
	held := w.now
	for _, from := range p.marks {
		held = max(held, from)
	}
	p.marks = nil
	q.gone = true
	if held == w.now {
		w.letGo(q)
	} else {
		w.after(held-w.now, func() { w.letGo(q) })
	}
}

func (w *world) letGo(q *lock) {
	q.gone = true
	w.locks.waiters = slices.DeleteFunc(w.locks.waiters, func(one *lock) bool { return one == q })
	if w.locks.holder == q {
		w.locks.holder = nil
		w.grant()
	}
}

// free lets go of all that a page has that does not run any more.
func (w *world) free(p *page) {
	w.unmark(p)
	if p.lock != nil {
		w.letGo(p.lock)
	}
}
