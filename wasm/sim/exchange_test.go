package sim

import (
	"slices"

	"github.com/fetch401/fetch401/wasm/protocol"
)

// request is an exchange between a page and the server, as
// js/src/program/exchange.js makes it.
type request struct {
	p       *page
	number  int32
	of      *family
	refresh int
	alive   bool // neither answered nor aborted
	arrived bool // the server has read it
	unread  bool // it never is
	left    bool // the page has stopped running since
	// It was aborted, and what it renews may be lost by that: where the machine has
	// slept in its last second, which nobody can tell, or for most of its time, and the
	// answer takes longer than the second that is waited for then.
	loses bool
	at    int64
	slept int64 // how long the machine had slept then, in all
}

// keepalive says that an exchange goes on without its page.
func (w *world) keepalive() bool {
	return w.kind == protocol.KindCookie || w.kind == protocol.KindAttach
}

// latency is how long something takes on its way.
func (w *world) latency() int64 {
	if w.server.fault == slow {
		if w.kind != protocol.KindCookie {
			return w.between(50, 350) // without a call to probe with, a page that is gone is waited for 1 s
		}
		return w.between(500, 8_000)
	}
	return w.between(2, 60)
}

// exchange sends what a page has to renew the session with.
func (w *world) exchange(p *page, number int32) {
	q := &request{p: p, number: number, of: w.jar.of, refresh: w.jar.refresh, alive: true, at: w.now, slept: w.sleptAll}
	switch {
	case w.bearer():
		q.of, q.refresh = p.of, p.refresh
	case w.byApp():
		q.of, q.refresh = p.app, 0
		if p.app != nil {
			q.refresh = p.app.refresh
		}
	}
	w.checkExchange(q)
	p.request = q
	w.inFlight, w.sent = append(w.inFlight, q), append(w.sent, q)
	w.story.note("with refresh token %d", q.refresh)
	none := reply{text: "\n"}
	switch w.server.fault {
	case deaf:
		w.after(w.between(1, 50), func() { w.reply(q, none) })
	case hanging:
		// A browser waits for no answer for ever, least of all where the page is gone.
		q.unread = true
		w.after(24_000, func() { w.reply(q, none) })
	default:
		w.after(w.latency(), func() { w.arrive(q) })
	}
}

// arrive lets the server read an exchange.
func (w *world) arrive(q *request) {
	if !q.alive && !w.keepalive() {
		return // it went with its page
	}
	q.arrived = true
	r := w.server.rotate(w, q.p, q.of, q.refresh)
	w.lost = w.lost || q.loses && r.renews() && !q.alive // the answer comes to nobody
	q.p.untold = r.renews() && !w.keepalive()
	if w.server.fault == losing {
		w.lost = w.lost || r.renews()
		r = reply{text: "\n"}
	}
	w.after(w.latency(), func() { w.reply(q, r) })
}

// reply lets the browser have the answer: the cookies, whatever became of the
// page, and the page, where it still is.
func (w *world) reply(q *request, r reply) {
	if !q.alive {
		w.lost = w.lost || q.loses && r.renews() // the cookie comes to nobody
		return
	}
	if r.renews() && !w.bearer() && r.brought.of == w.jar.of {
		w.jar = r.brought
	}
	w.drop(q)
	w.end(q, r)
}

// abort ends an exchange whose page no longer wants it.
func (w *world) abort(q *request) {
	q.loses = !w.keepalive() || w.sleptOver(q)
	w.lost = w.lost || q.loses && q.arrived
	w.drop(q)
	w.after(0, func() { w.end(q, reply{text: "\n"}) })
}

// sleptOver says that the machine has slept while an exchange was under way, so that what
// is waited for its answer is too short.
func (w *world) sleptOver(q *request) bool {
	if w.now-w.wokeAt < 1_000 {
		return w.slept < 1_200
	}
	return w.wokeAt > q.at && w.now-q.at-(w.sleptAll-q.slept) < 19_000
}

// disconnect ends the exchanges that nobody reads, as a sleep does.
func (w *world) disconnect() {
	for _, q := range slices.Clone(w.inFlight) {
		if q.unread {
			w.reply(q, reply{text: "\n"})
		}
	}
}

func (w *world) drop(q *request) {
	q.alive = false
	w.inFlight = slices.DeleteFunc(w.inFlight, func(one *request) bool { return one == q })
}

// end tells the page. In the back/forward cache its promise may never settle.
func (w *world) end(q *request, r reply) {
	p := q.p
	if p.life == cached && w.rarely(2) {
		return
	}
	p.when(func() {
		p.untold = false
		if w.kind == protocol.KindApp {
			r = r.byApp()
		}
		p.faulty = p.faulty || r.status == 418
		w.story.happens(w.now, "%s: exchanged %d", p.name, r.status)
		w.checkReply(q, r)
		brought := r.brought
		if r.renews() {
			p.brought = brought.access
		}
		if w.kind != protocol.KindToken {
			brought.refresh = 0
		}
		p.fresh[q.number], p.telling = brought, brought.subject
		p.tab.Exchanged(p.clock(), q.number, r.status, r.bits|p.looping(), r.seconds, r.text)
		p.perform()
		p.telling = 0
		delete(p.fresh, q.number)
	})
}

// byApp is what the function of an app makes of an answer.
func (r reply) byApp() reply {
	switch {
	case r.renews():
	case r.text == "\n" && r.status == 401:
		r.status, r.bits = 0, protocol.AppFailed|protocol.AppFinal
	default:
		r.status, r.bits = 0, protocol.AppFailed
	}
	return r
}
