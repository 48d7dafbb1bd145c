package sim

import (
	"strconv"
	"strings"

	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/session"
	"github.com/fetch401/fetch401/wasm/tab"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// tell tells the program something, and carries out what it decides.
func (p *page) tell(what, bits, expiresIn int32, text string) {
	p.tellOf(p.clock(), what, bits, expiresIn, text)
}

// tellOf tells of what was then.
func (p *page) tellOf(then tab.Clock, what, bits, expiresIn int32, text string) {
	p.tab.Tell(then, what, bits|p.looping(), expiresIn, text)
	p.perform()
}

// looping is the login guard's: this browser tab was sent to login just now.
func (p *page) looping() int32 {
	if n := len(p.leftAt); n > 0 && p.w.now-p.leftAt[n-1] < 30_000 {
		return protocol.Looping
	}
	return 0
}

// perform carries out what the program has decided. What that leads to may end
// calls, and begin others with their numbers.
func (p *page) perform() {
	type decided struct {
		session.Effect
		call *call
	}
	var all []decided
	for _, e := range p.tab.Take() {
		d := decided{Effect: e}
		if e.Kind == protocol.Send || e.Kind == protocol.Deliver {
			if int(e.Call) < len(p.calls) {
				d.call = p.calls[e.Call]
			}
			if d.call == nil {
				p.w.broken("settles once", "%s: call %d is to be sent or delivered, and has settled", p.name, e.Call)
			}
		}
		all = append(all, d)
	}
	for _, d := range all {
		if d.call == nil || !d.call.closed {
			p.carryOut(d.Effect, d.call)
		}
	}
	p.w.checkPage(p)
}

func (p *page) carryOut(e session.Effect, c *call) {
	w := p.w
	switch e.Kind {
	case protocol.Send:
		if c != nil {
			p.sendAgain(c, e.Number)
		}
	case protocol.Deliver:
		if c != nil {
			w.checkDelivered(c)
			p.deliver(c, e.Text)
		}
	case protocol.Exchange:
		w.story.leads(w.now, "%s: exchange %d", p.name, e.Number)
		w.exchange(p, e.Number)
	case protocol.Adopt:
		w.story.leads(w.now, "%s: generation %d begins", p.name, e.Number)
		tokens := p.given
		if e.Call != 0 {
			tokens = p.fresh[e.Call]
			if p.tellingOf == 0 || p.tellingOf == e.Call {
				p.learns(p.telling, true)
			}
		}
		p.adopt(e.Number, tokens)
	case protocol.RefreshFailed:
		w.story.leads(w.now, "%s: refresh failed: %s", p.name, e.Text)
	case protocol.Login:
		w.story.leads(w.now, "%s: login: %s", p.name, strings.ReplaceAll(e.Text, "\n", " "))
		if e.Number == 1 && !p.prevents {
			p.tell(protocol.Leaving, 0, 0, "")
		}
	case protocol.Settle:
		w.story.leads(w.now, "%s: refresh() is %s", p.name, e.Text)
		p.refreshers = 0
	case protocol.Wake:
		p.timer(int64(e.Number), func() {
			p.note()
			w.story.wakes(p.name)
			p.tell(protocol.Tick, 0, 0, "")
		})
	case protocol.Navigate:
		w.signInByLogin(p)
	case protocol.Abort:
		w.story.leads(w.now, "%s: abort exchange %d", p.name, e.Number)
		p.abort()
	case protocol.NewSession:
		w.story.leads(w.now, "%s: another session begins", p.name)
		p.cleared = p.hears && p.hearing == tabs.SignedOut
		person := p.telling
		if w.apart() && p.hears || p.cleared {
			person = 0 // its own is yet to be said, or nobody is signed in
		}
		p.learns(person, e.Call == 1)
		p.change(p.fresh[e.Number], e.Call == 1)
	case protocol.Acquire:
		w.acquire(p)
	case protocol.Release:
		w.release(p)
	case protocol.MarkRenewed, protocol.MarkFailed:
		w.mark(p, e.Kind, e.Number, e.Call)
	case protocol.Unmark:
		w.unmark(p)
	case protocol.Announce:
		w.announce(p, e)
	}
}

// sendAgain sends a call as the program asks: an XMLHttpRequest that has its
// 401 not before the next task.
func (p *page) sendAgain(c *call, generation int32) {
	c.next = p.tab.Fact(protocol.FactGeneration)
	c.locked = p.lock != nil && !p.lock.gone
	if !c.unauthorized || !c.xhr {
		p.send(c, p.byNumber[generation])
		return
	}
	p.w.after(0, func() {
		p.when(func() {
			if !c.closed && c.unauthorized {
				p.send(c, p.byNumber[generation])
			}
		})
	})
}

// announce puts the numbers of a message back into one, as JavaScript does.
func (w *world) announce(from *page, e session.Effect) {
	var n [9]int32
	for i, word := range strings.Fields(e.Text) {
		v, _ := strconv.Atoi(word)
		n[i] = int32(v)
	}
	m := tabs.Message{Version: n[0], Kind: tabs.Told(n[1]), Number: n[2], Newest: n[3], Session: n[4], Wait: n[5], Failures: n[6], Subject: n[7]}
	var tokens credentials
	if n[8] == 1 {
		tokens = credentials{of: from.of, access: from.present, refresh: from.refresh}
	}
	w.post(from, m, e.Call == 1, tokens, e.Number)
}

// hear tells a message: one that was kept age milliseconds ago, or has just
// come.
func (p *page) hear(age int64, m tabs.Message, tokens credentials, expiresIn int32) {
	p.fresh[m.Number] = tokens
	p.hears, p.hearing, p.telling = true, m.Kind, m.Subject
	p.w.heardOf(p, m)
	p.tab.Heard(p.clock(), int32(age), present(tokens, p.w)|p.looping(), expiresIn, m)
	p.perform()
	p.hears, p.telling = false, 0
	delete(p.fresh, m.Number)
}
