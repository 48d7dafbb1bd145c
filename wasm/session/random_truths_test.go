package session

import (
	"fmt"
	"strings"

	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
)

// What must be true whatever happens.

func (w *world) sent(id, token int32) {
	c := w.open[id]
	if c == nil || c.with {
		w.wrong("call %d is sent though it is not there, or with the server", id)
		return
	}
	generation := w.s.Generation()
	if token != 0 && token != generation {
		w.wrong("call %d is sent with token %d in generation %d", id, token, generation)
	}
	if c.sends > 0 && c.generation == generation {
		w.wrong("call %d is sent twice in generation %d", id, generation)
	}
	if c.sends > 0 && c.once {
		w.wrong("call %d is sent twice, and must not be", id)
	}
	if c.session != w.s.number && (token != 0 || c.sends > 0) {
		w.wrong("call %d of session %d is sent with token %d, or again, in session %d", id, c.session, token, w.s.number)
	}
	c.sends, c.generation, c.with = c.sends+1, generation, true
	if c.sends > 3 {
		w.wrong("call %d is sent %d times", id, c.sends)
	}
}

// effects holds what must be true of each effect; ticking says that time alone
// led to them.
func (w *world) effects(ticking bool) {
	if ended := w.s.Ended(); ended != w.ended {
		w.ended, w.fired, w.onItsWay = ended, false, false
		w.postponed = w.postponed && ended
	}
	for _, e := range append([]Effect(nil), w.s.Take()...) {
		w.event("  %s", describe(e, fmt.Sprint(e.Call)))
		switch e.Kind {
		case protocol.Send:
			w.sent(e.Call, e.Number)
		case protocol.Deliver:
			w.delivered(e, ticking)
		case Renew:
			if w.signedOut || w.s.config.NoExchange || w.page.Prerendering {
				w.wrong("a renewal after sign-out, without means, or while prerendering")
			}
			if w.renew || w.running {
				w.wrong("a renewal is asked for again")
			}
			if w.renew = true; !w.others {
				w.grant()
				w.effects(ticking)
			}
		case protocol.Exchange:
			w.exchanges, w.running = append(w.exchanges, e.Number), true
		case protocol.Adopt:
			// A new session does not wait for the exchange of the old one.
			if e.Call == 0 {
				w.running, w.renew = false, false
			}
			w.postponed = false
		case protocol.Login:
			if w.page.OnLogin || w.page.Hidden || w.page.Prerendering || e.Number == 1 && (w.page.Framed || !w.s.config.LoginURL) {
				w.wrong("login at %+v", w.page)
			}
			w.signsIn(e.Text)
		case protocol.Settle:
			w.asked = false
		case protocol.Wake:
			if e.Number <= 0 || e.Number > 10_000 {
				w.wrong("a timer of %d ms", e.Number)
			}
			w.timers = append(w.timers, w.now+int64(e.Number))
		case protocol.Complain:
			if e.Text == Unreadable && !w.s.config.CrossOrigin {
				w.wrong("a complaint of CORS at the page's own origin")
			}
		}
	}
	if w.s.Unneeded() {
		w.event("  needed no more")
		w.renew = false
	}
}

// signsIn holds that the login of an ended session is fired once: it names the
// call that led to it, as one does that asks for a stronger sign-in.
func (w *world) signsIn(text string) {
	reason, _, called := strings.Cut(text, "\n")
	if !called || reason == StepUp {
		return
	}
	if w.fired {
		w.wrong("a second login for one ended session")
	}
	w.fired, w.onItsWay, w.postponed = true, true, false
}

// delivered holds that a 401 is delivered once, and not without the login that
// the end of its session leads to.
func (w *world) delivered(e Effect, ticking bool) {
	c := w.open[e.Call]
	if c == nil || c.with || c.sends == 0 {
		w.wrong("there is no 401 of call %d to deliver", e.Call)
		return
	}
	delete(w.open, e.Call)
	ends := e.Text == SessionEnded || e.Text == NoCredentials || e.Text == StillUnauthorized
	if !ends || !w.ended || w.signedOut || ticking || !c.login || c.session != w.s.number || w.page.OnLogin || w.onItsWay {
		return
	}
	if !w.unseen() {
		w.wrong("the 401 of call %d is delivered, and no login comes", e.Call)
	}
	w.onItsWay, w.postponed = true, true
}

// unseen says that nobody looks at the page, and a login waits.
func (w *world) unseen() bool { return w.page.Hidden || w.page.Prerendering }

// settle lets time pass: whatever waits is let go. Then the page is shown: a
// login that waited for that comes, unless the session lives again.
func (w *world) settle() {
	w.event("the end")
	w.pass(10_000)
	if held := w.s.Held(); held != 0 {
		w.wrong("%d calls wait for ever", held)
	}
	if w.asked {
		w.wrong("refresh() waits for ever")
	}
	w.page = PageState{}
	w.s.Observe(w.page)
	w.event("shown")
	w.s.Shown(false)
	w.effects(false)
	if w.renew {
		w.grant()
		w.effects(false)
	}
	for _, n := range w.exchanges {
		w.event("exchanged %d final", n)
		w.s.Exchanged(w.now, Result{Number: n, Class: grant.Final})
		w.effects(false)
	}
	if w.postponed && w.s.Ended() {
		w.wrong("a login waits for ever")
	}
}
