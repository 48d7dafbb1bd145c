package sim

import (
	"fmt"

	"github.com/fetch401/fetch401/wasm/protocol"
)

// deed is what is done to the world.
type deed uint8

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
	turn
	spoil
	refuse
	reachable
	signOut
	signIn
	signInElsewhere
	promise
	endSession
	setClock
	sleep
	deeds
)

var deedNames = [...]string{"burst", "abort", "expire", "refresh", "crash", "leave", "navigate", "freeze", "cache", "turn",
	"spoil", "refuse", "reachable", "sign out", "sign in", "sign in elsewhere", "promise", "end session", "set clock", "sleep"}

// action is a deed at a time, to one of the pages, for a while.
type action struct {
	at   int64
	deed deed
	page int
	long int64
}

func (a action) String() string {
	return fmt.Sprintf("%s, %d ms", deedNames[a.deed], a.long)
}

func (w *world) act(a action) {
	p := w.pages[a.page%len(w.pages)]
	w.story.note("(%s, page %s)", a, p.name)
	switch a.deed {
	case expire:
		w.server.expire(w)
	case crash:
		p.crash()
	case spoil:
		w.breakServer(a)
	case refuse:
		w.server.refuses = 1 + int(a.long%4)
		w.after(a.long, func() { w.server.refuses = 0 })
	case signInElsewhere:
		w.signInElsewhere(int(a.long % 2))
	case endSession:
		if w.signedIn != nil && a.long%4 == 0 {
			w.signedIn.ended, w.signedIn.refused = true, true
		}
	case setClock:
		w.shiftedAt = w.now
		w.set += (a.long%5 - 2) * 3_600_000
	case sleep:
		w.sleep(a.long*3, a.page%2 == 0)
	default:
		if p.runs() {
			p.act(a)
		}
	}
}

// act does what only a page that runs can.
func (p *page) act(a action) {
	w := p.w
	switch a.deed {
	case burst:
		for i := int64(0); i <= a.long%4; i++ {
			p.fetch(w.drawCall())
		}
	case abort:
		for _, c := range p.calls {
			if c != nil && w.rarely(2) {
				p.end(c)
			}
		}
	case refresh:
		p.askRefresh()
	case leave:
		p.setOut(func() {})
	case navigate:
		// By then it sees what was kept.
		p.setOut(func() { w.after(w.between(150, 500), func() { w.newcomer(p) }) })
	case freeze:
		p.hide(frozen)
		w.after(a.long, p.wake)
	case cache:
		p.hide(cached)
		w.after(a.long, p.wake)
	case turn:
		p.look(true)
		w.after(a.long, func() { p.look(false) })
	case reachable:
		p.withGo(func() {
			w.story.happens(w.now, "%s: reachable", p.name)
			p.tell(protocol.Reachable, 0, 0, "")
		})
	case signOut:
		w.signOut(p)
	case signIn:
		w.signIn(p, int(a.long%2))
	case promise:
		w.promise(p, a.long)
	}
}

// drawCall makes up a call.
func (w *world) drawCall() *call {
	c := &call{url: 1 + w.r.IntN(4), write: w.rarely(3), xhr: w.rarely(3)}
	switch w.r.IntN(12) {
	case 0:
		c.flags, c.write, c.xhr = protocol.Stream, true, false
	case 1:
		c.flags = protocol.NoLogin
	case 2:
		c.stray = [...]string{"https://other.test/api/a", origin + "/apis", "https://app.test.evil.test/api"}[w.r.IntN(3)]
	case 3:
		if !w.strict {
			c.challenge = [...]string{`Bearer error="insufficient_scope"`, `Bearer error="insufficient_user_authentication"`, "Negotiate"}[w.r.IntN(3)]
		}
	}
	return c
}

// newcomer is a page that opens where another was.
func (w *world) newcomer(after *page) {
	if len(w.pages) >= maxPages {
		return
	}
	p := w.birth()
	p.leftAt = after.leftAt
	p.fetch(w.drawCall())
}

// breakServer lets something be wrong with the server for a while.
func (w *world) breakServer(a action) {
	kind := fault(1 + a.page%int(wrong))
	switch {
	case w.outages:
		kind = down + fault(a.page%2)
	case kind == hanging && w.kind != protocol.KindCookie:
		kind = slow // the others wait for a page that is gone for a second only
	}
	w.server.fault, w.server.wait = kind, a.long%3*2
	w.story.note("the server is %s", faults[kind])
	w.after(a.long, func() {
		w.server.fault = well
		w.story.note("the server is well again")
	})
}
