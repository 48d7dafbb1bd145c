package tab_test

import (
	"strings"

	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/session"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// settle carries out effects, grants the lock and delivers messages until
// nothing more happens.
func (w *world) settle() {
	for more := true; more; {
		more = false
		for _, name := range w.order {
			p := w.pages[name]
			for _, e := range append([]session.Effect(nil), p.Take()...) {
				more = true
				p.effect(e)
			}
		}
		if len(w.posted) > 0 {
			m := w.posted[0]
			w.posted = w.posted[1:]
			more = true
			for _, name := range w.order {
				if p := w.pages[name]; p.open && p != m.from {
					p.Heard(w.clock(), -1, m.tokens, m.lasts, m.Message)
				}
			}
			continue
		}
		if !more && len(w.holder) == 0 && len(w.waiter) > 0 {
			p := w.waiter[0]
			w.holder, w.waiter = w.waiter[:1:1], w.waiter[1:]
			p.note()
			p.Granted(w.now, p.contended, w.newest(protocol.MarkRenewed), w.newest(protocol.MarkFailed), w.subjects[w.newest(protocol.MarkRenewed)])
			more = true
		}
	}
}

// newest is the highest number in the names that are held.
func (w *world) newest(kind protocol.Effect) int32 {
	newest := int32(0)
	for number, until := range w.names[kind] {
		if until > w.now {
			newest = max(newest, number)
		}
	}
	return newest
}

func (w *world) release(p *page) {
	without := func(list []*page) []*page {
		var rest []*page
		for _, one := range list {
			if one != p {
				rest = append(rest, one)
			}
		}
		return rest
	}
	w.holder, w.waiter = without(w.holder), without(w.waiter)
}

// effect carries one out, and writes down those of interest.
func (p *page) effect(e session.Effect) {
	w := p.w
	unused := e
	switch e.Kind {
	case protocol.Wake, protocol.MarkFailed, protocol.Abort:
		unused.Number = 0
	case protocol.MarkRenewed, protocol.NewSession:
		unused.Call, unused.Number = 0, 0
	case protocol.Acquire, protocol.Release, protocol.Unmark:
	default:
		unused = session.Effect{Kind: e.Kind}
	}
	if unused != (session.Effect{Kind: e.Kind}) {
		w.t.Errorf("an effect with what it does not use: %+v", e)
	}
	switch e.Kind {
	case protocol.Wake:
		p.wakes = append(p.wakes, w.now+int64(e.Number))
	case protocol.Acquire:
		p.contended = len(w.holder)+len(w.waiter) > 0
		w.waiter = append(w.waiter, p)
	case protocol.Release:
		w.release(p)
	case protocol.MarkRenewed, protocol.MarkFailed:
		if w.names[e.Kind] == nil {
			w.names[e.Kind] = map[int32]int64{}
		}
		w.names[e.Kind][e.Number] = w.now + protocol.MarkFor
		if e.Kind == protocol.MarkRenewed {
			w.subjects[e.Number] = e.Call
		}
	case protocol.Unmark:
		// Nobody asks for names that a page has let go in these stories.
	case protocol.Announce:
		p.announce(e)
	case protocol.Send:
		w.say("%s: send %d%s", p.name, e.Call, with(e.Number))
	case protocol.Deliver:
		w.say("%s: deliver 401 of %d: %s", p.name, e.Call, e.Text)
	case protocol.Exchange:
		p.running = e.Number
		w.say("%s: exchange %d", p.name, e.Number)
	case protocol.Abort:
		w.say("%s: abort exchange %d", p.name, e.Number)
	case protocol.Adopt:
		w.say("%s: generation %d begins", p.name, e.Number)
	case protocol.NewSession:
		if e.Number == 0 {
			p.tokens = 0
		}
		what := "another"
		if e.Call == 1 {
			what = "the same"
		}
		w.say("%s: %s session begins%s", p.name, what, with(e.Number))
	case protocol.SessionChanged:
		w.say("%s: generation %d is somebody else's", p.name, e.Number)
	case protocol.RefreshFailed:
		w.say("%s: refresh failed: %s", p.name, e.Text)
	case protocol.Login:
		w.say("%s: login: %s", p.name, strings.ReplaceAll(e.Text, "\n", " "))
	case protocol.Settle:
		w.say("%s: refresh() is %s", p.name, e.Text)
	default:
		w.t.Fatalf("unknown effect %+v", e)
	}
}

func with(token int32) string {
	if token == 0 {
		return ""
	}
	return " with a token"
}

// announce puts the numbers of a message back into one, as JavaScript does.
func (p *page) announce(e session.Effect) {
	w := p.w
	var n []int32
	for _, word := range strings.Fields(e.Text) {
		n = append(n, w.number(word))
	}
	m := message{from: p, at: w.now, Message: tabs.Message{Version: n[0], Kind: tabs.Told(n[1]), Number: n[2],
		Newest: n[3], Session: n[4], Wait: n[5], Failures: n[6], Subject: n[7]}}
	m.lasts = e.Number
	if e.Call == 1 {
		kept := m
		w.kept = &kept
	}
	if n[8] == 1 {
		m.tokens = p.tokens
	}
	if p.open {
		w.posted = append(w.posted, m)
	}
}
