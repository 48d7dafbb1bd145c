package session

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
)

// TestAnything lets everything happen in any order, and holds what must be
// true whatever happens. Time passes as in a page: nobody ticks but the timers
// that the Session asked for. A failure prints the events that led to it.
func TestAnything(t *testing.T) {
	kinds := []grant.Kind{grant.Cookie, grant.Attach, grant.Token, grant.App}
	for seed := int64(0); seed < 4000; seed++ {
		config := Config{Kind: kinds[seed%4], NoExchange: seed%17 == 0, LoginURL: seed%3 != 0, CrossOrigin: seed%5 < 2, Timeout: 10_000, Early: []int64{-1, 0, 2000}[seed%3]}
		w := &world{t: t, r: rand.New(rand.NewSource(seed)), now: 1_000_000, open: map[int32]*told{}, s: New(config),
			others: seed%8 < 4, probe: none}
		for step := 0; step < 150 && !t.Failed(); step++ {
			w.step()
		}
		w.settle()
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(w.log, "\n"))
		}
	}
}

// told is what the world knows of a call.
type told struct {
	sends      int
	generation int32
	session    int32 // that it was made in, 0 for an earlier one
	with       bool  // it is with the server
	once       bool  // it must not be sent again
	login      bool  // its 401 may lead to login
}

type world struct {
	t         *testing.T
	r         *rand.Rand
	s         *Session
	now       int64
	set       int64 // how far the time of day was set
	timers    []int64
	page      PageState
	open      map[int32]*told
	exchanges []int32 // unanswered
	number    int32   // of the newest
	running   bool    // it is unanswered
	others    bool    // there are other pages, which may not grant one at once
	renew     bool    // it is asked for
	probe     int32   // the call that is with the server as a probe
	signedOut bool
	asked     bool
	ended     bool // as of the last event
	fired     bool // the login of the ended session was
	onItsWay  bool // it was, or waits for the page to be visible
	postponed bool // it waits
	log       []string
}

func (w *world) event(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%d ", w.now)+fmt.Sprintf(format, args...))
}

func (w *world) wrong(format string, args ...any) {
	w.t.Helper()
	w.event("WRONG: "+format, args...)
	w.t.Errorf(format, args...)
}

func (w *world) sometimes(n int) bool { return w.r.Intn(n) == 0 }

// pick returns a call that is with the server, or waits.
func (w *world) pick(with bool) (int32, *told) {
	for id := int32(0); id < 12; id++ {
		if c := w.open[id]; c != nil && c.with == with && w.sometimes(2) {
			return id, c
		}
	}
	return -1, nil
}

// pass lets time pass, and the timers that end meanwhile fire.
func (w *world) pass(ms int64) {
	until := w.now + ms
	for len(w.timers) > 0 {
		slices.Sort(w.timers)
		if w.timers[0] > until {
			break
		}
		w.now = w.timers[0]
		w.timers = w.timers[1:]
		w.event("tick")
		w.s.Tick(w.now)
		w.effects(true)
	}
	w.now = until
	w.s.Calendar(w.now + w.set)
}

func (w *world) step() {
	w.pass(int64(w.r.Intn(3) * w.r.Intn(3) * 4000))
	switch n := w.r.Intn(29); {
	case n < 6:
		w.start()
	case n < 12:
		w.unauthorized()
	case n < 15:
		w.ends(n < 14)
	case n < 19:
		w.answerExchange()
	case n < 20:
		seconds := int64(w.r.Intn(3) * 30)
		w.event("expires in %d", seconds)
		w.s.Expires(w.now, 0, seconds)
	case n < 21:
		w.set += int64(w.r.Intn(5)-2) * 3_600_000
		w.event("the clock is set to %d", w.now+w.set)
	case n < 22:
		w.shown()
	case n < 23:
		w.event("refresh")
		w.asked = true
		w.s.Refresh(w.now)
	case n < 24:
		w.asks()
	case n < 27 && !w.s.config.NoExchange:
		w.hears()
	default:
		w.session(n < 28)
	}
	w.effects(false)
}

func (w *world) start() {
	id := int32(w.r.Intn(12))
	if w.open[id] != nil {
		return
	}
	flags := int32(w.r.Intn(4))
	if w.sometimes(8) {
		flags |= protocol.Sent
	}
	c := &told{session: w.s.number, once: flags&protocol.Stream != 0, login: flags&protocol.NoLogin == 0}
	if w.sometimes(8) {
		flags |= protocol.Earlier
		c.session = 0
	}
	w.open[id] = c
	w.event("start %d flags %d", id, flags)
	token, send := w.s.Started(w.now, id, flags, "/"+string(rune('a'+w.r.Intn(3))))
	if send {
		w.sent(id, token)
	}
}

func (w *world) unauthorized() {
	id, c := w.pick(true)
	if c == nil {
		return
	}
	field := []string{"", "", "", "Bearer", `Bearer error="insufficient_scope"`, `Bearer error="insufficient_user_authentication"`}[w.r.Intn(6)]
	done := w.sometimes(8)
	w.event("401 %d done=%v %s", id, done, field)
	c.with = false
	c.once = c.once || done
	w.found(id, w.s.Unauthorized(w.now, id, done, "GET", field))
}

// ends ends a call that is with the server, or, by its caller, any.
func (w *world) ends(answered bool) {
	id, c := w.pick(answered || w.sometimes(2))
	if c == nil {
		return
	}
	delete(w.open, id)
	w.event("call %d ends, answered=%v", id, answered)
	if answered {
		w.found(id, w.s.Answered(id))
	} else {
		w.found(id, w.s.Failed(id))
	}
}

func (w *world) shown() {
	w.page = PageState{OnLogin: w.sometimes(8), Framed: w.sometimes(8), Hidden: w.sometimes(4), Prerendering: w.sometimes(8), Looping: w.sometimes(8)}
	restored := w.sometimes(3)
	w.event("shown %+v %v", w.page, restored)
	w.s.Observe(w.page)
	w.s.Shown(restored)
	if restored && !w.s.Ended() || w.page.OnLogin && !w.unseen() {
		// The session lives again, or the person is where the login would lead.
		w.postponed = false
	}
}

// asks lets the app ask for something.
func (w *world) asks() {
	w.event("able, login, leaving")
	w.s.Able()
	w.s.LoginAsked("")
	if w.unseen() {
		// It takes the place of the login that waited.
		w.postponed = false
	}
	if w.s.Leaving() && (w.page.OnLogin || w.page.Framed || !w.s.config.LoginURL) {
		w.wrong("it leaves at %+v", w.page)
	}
}

// session begins another session, or lets the present one go on.
func (w *world) session(given bool) {
	same := w.sometimes(4)
	switch n := w.r.Intn(3); {
	case given:
		access, refresh := !w.sometimes(3), !w.sometimes(3)
		w.event("tokens same=%v %v %v", same, access, refresh)
		w.s.Tokens(w.now, same, access, refresh, int64(w.r.Intn(60)))
	case n == 0:
		w.event("cleared same=%v", same)
		w.signedOut = true
		w.s.Cleared(w.now, same)
		return
	case n == 1:
		w.event("promised same=%v", same)
		w.s.Promised(w.now, same)
	default:
		w.event("broken")
		w.s.Broken(w.now)
		return
	}
	w.signedOut = false
}

func (w *world) answerExchange() {
	if len(w.exchanges) == 0 {
		return
	}
	i := w.r.Intn(len(w.exchanges))
	n := w.exchanges[i]
	w.exchanges = append(w.exchanges[:i], w.exchanges[i+1:]...)
	class := []grant.Class{grant.Renewed, grant.Renewed, grant.Final, grant.Transient, grant.Fault}[w.r.Intn(5)]
	network := class == grant.Transient && !w.sometimes(3)
	w.event("exchanged %d class %d network %v", n, class, network)
	newest := n == w.s.exchange.number
	void := class != grant.Renewed && !(newest && w.running)
	w.running = w.running && !newest
	w.renew = w.renew && class != grant.Renewed
	w.s.Exchanged(w.now, Result{Number: n, Class: class, Void: void, Network: network, Other: w.sometimes(8), ExpiresIn: int64(w.r.Intn(60)),
		Token: w.s.config.Kind != grant.Cookie && (w.s.config.Kind != grant.App || w.sometimes(2))})
}
