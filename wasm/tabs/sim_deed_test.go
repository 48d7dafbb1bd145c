package tabs

import (
	"fmt"

	"github.com/fetch401/fetch401/wasm/grant"
)

// deed is what is done to the world.
type deed int

const (
	burst deed = iota
	abort
	expire
	refresh // those after expire are no part of a calm schedule
	crash
	leave
	navigate
	freeze
	cache
	down
	slow
	deaf
	hang
	reachable
	signOut
	signIn
	endSession
	deeds
)

var deedNames = [...]string{"burst", "abort", "expire", "refresh", "crash", "leave", "navigate", "freeze", "cache",
	"down", "slow", "deaf", "hang", "reachable", "sign out", "sign in", "end session"}

// action is a deed at a time, to one of the pages, for a while.
type action struct {
	at   int64
	kind deed
	page int
	long int64
}

func (a action) String() string {
	return fmt.Sprintf("%d %s page %d, %d ms", a.at, deedNames[a.kind], a.page, a.long)
}

func (w *world) act(a action) {
	w.say("(%s)", a)
	t := w.pages[a.page%len(w.pages)]
	switch a.kind {
	case burst:
		if t.runs() {
			for i := int64(0); i <= a.long%4; i++ {
				t.start(fmt.Sprint(w.now - 1_000_000))
			}
		}
	case abort:
		if t.runs() && len(t.calls) > 0 {
			for _, c := range append([]*call(nil), t.calls...) {
				t.settle(c, -1)
			}
			t.unwanted()
		}
	case expire:
		for token := range w.server.expires {
			w.server.expires[token] = min(w.server.expires[token], w.now)
		}
	case refresh:
		if t.runs() && !t.ended && !t.out && (w.kind != grant.Token || t.tokens.refresh != 0) {
			t.p.Wanted(w.now)
			t.effects()
		}
	case crash:
		t.crash()
	case leave:
		t.hide(dead)
	case navigate:
		t.hide(dead)
		if len(w.pages) < 9 {
			// By then it sees what was kept.
			w.after(w.between(150, 500), func() { w.birth().start("first") })
		}
	case freeze:
		t.hide(frozen)
		w.after(a.long, t.wake)
	case cache:
		t.hide(cached)
		w.after(a.long, t.wake)
	case down:
		w.server.wait = a.long % 3 * 2_000
		w.toggle(&w.server.down, a.long)
	case slow:
		w.toggle(&w.server.slow, a.long)
	case deaf:
		w.toggle(&w.server.deaf, a.long)
	case hang:
		if w.kind == grant.Cookie { // the others wait for a page that is gone for a second only
			w.toggle(&w.server.hanging, a.long)
		}
	case reachable:
		if t.runs() {
			t.p.Reachable()
		}
	case signOut:
		w.signs(t, false)
	case signIn:
		w.signs(t, true)
	case endSession:
		if f := w.server.families[w.person]; f != nil && a.long%4 == 0 {
			f.ended = true
		}
	}
}

func (w *world) toggle(what *bool, long int64) {
	*what = true
	w.after(long, func() { *what = false })
}

// signs lets the person of page t sign out, or another sign in there.
func (w *world) signs(t *tab, in bool) {
	if !t.runs() || w.signedAt != 0 && w.now-w.signedAt < 1_000 {
		return // nobody is that fast
	}
	w.signedAt = w.now
	w.note(t)
	t.effects()
	for _, before := range []credentials{w.jar, t.tokens} {
		if f := w.server.families[before.person]; f != nil && (w.kind != grant.Token || before == t.tokens) {
			f.ended = true // the server revokes it
		}
	}
	t.tokens, t.ended, t.out = credentials{}, false, !in
	t.generation++
	t.deliverHeld()
	if in {
		brought := w.server.signIn(w)
		w.person = brought.person
		w.jar = brought
		if w.kind != grant.Cookie {
			t.tokens = brought
		}
		t.event("signed in")
		t.p.SignedIn(w.now)
	} else {
		w.person, w.jar = 0, credentials{}
		t.event("signed out")
		t.p.SignedOut()
	}
	t.effects()
}

// crash ends the page without a word; its lock is freed a little later.
func (t *tab) crash() {
	if t.life == dead {
		return
	}
	t.life = dead
	t.gone()
	lock := t.lock
	t.w.after(t.w.between(13, 97), func() { t.w.release(lock); t.w.unmark(t) })
}

// hide stops the page, which has the time to say so.
func (t *tab) hide(as life) {
	if !t.runs() {
		return
	}
	t.event("hid")
	t.p.Hid(t.w.now)
	t.effects()
	t.life = as
	t.gone()
	t.w.release(t.lock)
}

// gone takes account of an exchange that the page leaves behind.
func (t *tab) gone() {
	w := t.w
	t.stoppedAt = w.now
	if t.request != nil {
		t.request.left = true
	}
	if q := t.request; q != nil && q.alive && w.kind == grant.Token {
		w.lost = w.lost || t.untold
		if t.life == dead {
			w.drop(q) // without keepalive it goes with its page
		} else {
			w.lost = true
		}
	}
}

// wake lets the page run again.
func (t *tab) wake() {
	if t.life != frozen && t.life != cached {
		return
	}
	t.life = running
	work := t.backlog
	t.backlog = nil
	early := t.w.rarely(3)
	if early {
		for _, do := range work {
			do()
		}
	}
	t.open()
	t.effects()
	if !early {
		for _, do := range work {
			t.when(do)
		}
	}
}
