package tabs

import (
	"fmt"

	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
)

// life is what the browser has made of a page.
type life int

const (
	running life = iota
	frozen
	cached // in the back/forward cache
	dead
)

// tab is a page with the protocol, a model of the session, and its calls.
type tab struct {
	w         *world
	name      string
	p         *Page
	life      life
	backlog   []func() // what is to happen once the page runs again
	lastFrom  map[*tab]int64
	tickAt    int64
	openedAt  int64
	stoppedAt int64

	lock    *lockRequest
	request *request // the exchange that was begun last
	untold  bool     // the server has answered it, and the page has not heard

	tokens     credentials // in memory
	heard      credentials // that came with the message being heard
	generation int
	ended, out bool
	endedAt    int64
	probe      *call
	calls      []*call
}

func (w *world) birth() *tab {
	t := &tab{w: w, name: string(rune('A' + len(w.pages))), lastFrom: map[*tab]int64{}}
	t.p = New(Config{Kind: w.kind, Share: w.share, Alone: w.alone, Seed: w.r.Uint32()})
	w.pages = append(w.pages, t)
	t.open()
	t.effects()
	if w.kind == grant.Token && !w.share && w.person != 0 {
		// The app of each page signs in by itself.
		t.tokens = w.server.signIn(w)
		t.event("signed in")
		t.p.SignedIn(w.now)
		t.effects()
	} else if w.kind == grant.Token && w.person != 0 && len(w.pages) == 1 {
		t.tokens = w.jar
		t.p.SignedIn(w.now)
		t.effects()
	}
	return t
}

func (t *tab) open() {
	t.w.note(t)
	t.event("opened")
	t.openedAt = t.w.now
	t.p.Opened(t.w.now)
}

func (t *tab) runs() bool { return t.life == running }

func (t *tab) event(format string, args ...any) {
	t.w.say("%s: %s", t.name, fmt.Sprintf(format, args...))
}

// when does it now, or once the page runs again.
func (t *tab) when(do func()) {
	switch t.life {
	case running:
		do()
	case frozen, cached:
		t.backlog = append(t.backlog, do)
	}
}

// effects carries out what the protocol asks for.
func (t *tab) effects() {
	for {
		taken := append([]Effect(nil), t.p.Take()...)
		if len(taken) == 0 {
			break
		}
		for _, e := range taken {
			t.event("  %s", e)
			t.carryOut(e)
		}
	}
	if due := t.p.Due(); due != 0 && due != t.tickAt {
		t.tickAt = due
		t.w.after(max(due-t.w.now, 0), func() {
			if t.runs() && t.p.Due() != 0 && t.w.now >= t.p.Due() {
				t.event("tick")
				t.tickAt = 0
				t.p.Tick(t.w.now)
				t.effects()
			}
		})
	}
}

func (t *tab) carryOut(e Effect) {
	w := t.w
	switch e.Kind {
	case Acquire:
		w.acquire(t)
	case Withdraw, Release:
		w.release(t.lock)
	case MarkRenewed, MarkFailed:
		w.names = append(w.names, lockName{t, e.Kind, e.Number, w.now + protocol.MarkFor})
	case Unmark:
		w.unmark(t)
	case Announce:
		w.announce(t, e)
	case Exchange:
		w.exchange(t, e.Number)
	case Abort:
		if q := t.request; q != nil && q.number == e.Number {
			w.drop(q)
		}
	case Probe:
		t.sendProbe()
	case Adopt:
		t.ended = false
		if w.share {
			t.tokens = t.heard
		}
		t.renewed()
	case Fail:
		t.deliverHeld()
	case End:
		t.ended, t.endedAt = true, w.now
		t.deliverHeld()
	case SignIn, SignOut:
		t.out, t.ended = e.Kind == SignOut, false
		t.tokens = credentials{}
		if e.Number != 0 {
			t.tokens = t.heard
		}
		t.generation++
		t.deliverHeld()
	}
}

func (t *tab) hear(from *tab, m Message, tokens credentials) {
	if !t.runs() {
		return // its channel is closed
	}
	t.event("heard of %s: %s", from.name, m)
	t.heard = tokens
	t.p.Heard(t.w.now, m)
	t.effects()
}

// settled is the promise of the exchange.
func (t *tab) settled(q *request, class grant.Class, brought credentials, network bool) {
	if t.life == cached && t.w.rarely(2) {
		return // it never settles
	}
	t.when(func() {
		t.event("exchanged %d: class %d", q.number, class)
		t.untold = false
		counts := t.p.Exchanged(t.w.now, Result{Number: q.number, Class: class, Network: network, RetryAfter: t.w.server.wait})
		switch {
		case !counts:
			t.event("  (does not count)")
		case class == grant.Renewed:
			t.w.retryAt = 0
			t.ended = false
			if t.w.kind != grant.Cookie {
				t.tokens = brought
			}
			t.renewed()
		default:
			if t.w.outages {
				t.w.retryAt = t.w.now + max(firstWait, t.w.server.wait)
			}
			if class == grant.Final {
				t.ended, t.endedAt = true, t.w.now
			}
			t.deliverHeld()
		}
		t.effects()
	})
}
