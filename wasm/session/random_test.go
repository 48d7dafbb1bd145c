package session

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
)

// TestAnything lets everything happen in any order, and holds what must be
// true whatever happens. A failure prints the events that led to it.
func TestAnything(t *testing.T) {
	kinds := []grant.Kind{grant.Cookie, grant.Attach, grant.Token, grant.App}
	for seed := int64(0); seed < 4000; seed++ {
		w := &world{
			t: t, r: rand.New(rand.NewSource(seed)), now: 1_000_000, open: map[int32]*told{},
			s: New(Config{Kind: kinds[seed%4], NoExchange: seed%17 == 0, LoginURL: seed%3 != 0, Timeout: 10_000}),
		}
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
	with       bool // it is with the server
}

type world struct {
	t         *testing.T
	r         *rand.Rand
	s         *Session
	now       int64
	open      map[int32]*told
	exchanges []int32 // unanswered
	began     int64   // when the newest exchange did
	running   bool    // the newest one is unanswered
	signedOut bool
	asked     bool
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

// pick returns a call that is with the server, or waits.
func (w *world) pick(with bool) (int32, *told) {
	for id := int32(0); id < 12; id++ {
		if c := w.open[id]; c != nil && c.with == with && w.r.Intn(2) == 0 {
			return id, c
		}
	}
	return -1, nil
}

func (w *world) step() {
	s := w.s
	w.now += int64(w.r.Intn(3) * w.r.Intn(3) * 4000)
	switch n := w.r.Intn(26); {
	case n < 6:
		id := int32(w.r.Intn(12))
		if w.open[id] != nil {
			return
		}
		c := &told{}
		w.open[id] = c
		flags := int32(w.r.Intn(4))
		w.event("start %d flags %d", id, flags)
		token, send := s.Started(w.now, id, flags, "/"+string(rune('a'+w.r.Intn(3))))
		if send {
			w.sent(id, token)
		}
	case n < 12:
		if id, c := w.pick(true); c != nil {
			field := []string{"", "", "", "Bearer", `Bearer error="insufficient_scope"`, `Bearer error="insufficient_user_authentication"`}[w.r.Intn(6)]
			w.event("401 %d %s", id, field)
			c.with = false
			s.Unauthorized(w.now, id, w.r.Intn(8) == 0, "GET", field)
		}
	case n < 14:
		if id, c := w.pick(true); c != nil {
			w.event("ok %d", id)
			delete(w.open, id)
			s.Answered(id)
		}
	case n < 15:
		if id, c := w.pick(w.r.Intn(2) == 0); c != nil {
			w.event("failed %d", id)
			delete(w.open, id)
			s.Failed(id)
		}
	case n < 19:
		w.answerExchange()
	case n < 21:
		w.event("tick")
		s.Tick(w.now)
	case n < 22:
		place := Place{OnLogin: w.r.Intn(8) == 0, Framed: w.r.Intn(8) == 0, Hidden: w.r.Intn(4) == 0, Prerendering: w.r.Intn(8) == 0}
		restored := w.r.Intn(3) == 0
		w.event("shown %+v %v", place, restored)
		s.See(place)
		s.Shown(w.now, restored)
	case n < 23:
		w.event("refresh")
		w.asked = true
		s.Refresh(w.now)
	case n < 24:
		w.event("able, login")
		s.Able(w.now)
		s.LoginAsked("")
	case n < 25:
		access, refresh := w.r.Intn(3) > 0, w.r.Intn(3) > 0
		same := w.r.Intn(4) == 0
		w.event("tokens same=%v %v %v", same, access, refresh)
		w.signedOut = false
		s.Tokens(w.now, same, access, refresh, int64(w.r.Intn(60)))
	default:
		switch w.r.Intn(3) {
		case 0:
			w.event("cleared")
			s.Cleared(w.now, w.r.Intn(4) == 0)
			w.effects()
			w.signedOut = true
		case 1:
			w.event("promised")
			w.signedOut = false
			s.Promised(w.now, w.r.Intn(4) == 0)
		case 2:
			w.event("broken")
			s.Broken(w.now)
		}
	}
	w.effects()
}

func (w *world) answerExchange() {
	if len(w.exchanges) == 0 {
		return
	}
	i := w.r.Intn(len(w.exchanges))
	n := w.exchanges[i]
	w.exchanges = append(w.exchanges[:i], w.exchanges[i+1:]...)
	class := []grant.Class{grant.Renewed, grant.Renewed, grant.Final, grant.Transient, grant.Fault}[w.r.Intn(5)]
	w.event("exchanged %d class %d", n, class)
	if i == len(w.exchanges) {
		w.running = false
	}
	w.s.Exchanged(w.now, Result{Number: n, Class: class, Network: w.r.Intn(2) == 0,
		Token: w.s.config.Kind != grant.Cookie && (w.s.config.Kind != grant.App || w.r.Intn(2) == 0)})
}

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
	c.sends, c.generation, c.with = c.sends+1, generation, true
	if c.sends > 3 {
		w.wrong("call %d is sent %d times", id, c.sends)
	}
}

func (w *world) effects() {
	for _, e := range w.s.Take() {
		w.event("  %s", describe(e, fmt.Sprint(e.Call)))
		switch e.Kind {
		case protocol.Send:
			w.sent(e.Call, e.Number)
		case protocol.Deliver:
			if c := w.open[e.Call]; c == nil || c.with || c.sends == 0 {
				w.wrong("there is no 401 of call %d to deliver", e.Call)
			}
			delete(w.open, e.Call)
		case protocol.Exchange:
			if w.running && w.now-w.began < 30_000 {
				w.wrong("exchange %d beside another", e.Number)
			}
			if w.signedOut {
				w.wrong("exchange %d after sign-out", e.Number)
			}
			w.exchanges, w.began, w.running = append(w.exchanges, e.Number), w.now, true
		case protocol.Adopt:
			// A new session does not wait for the exchange of the old one.
			w.running = w.running && e.Call != 0
		case protocol.Login:
			if w.s.place.OnLogin || w.s.place.Hidden || w.s.place.Prerendering || e.Number == 1 && w.s.place.Framed {
				w.wrong("login at %+v", w.s.place)
			}
		case protocol.Settle:
			w.asked = false
		}
	}
}

// settle lets time pass: whatever waits is let go.
func (w *world) settle() {
	w.now += 10_000
	w.event("the end: tick")
	w.s.Tick(w.now)
	w.effects()
	if held := w.s.Held(); held != 0 {
		w.wrong("%d calls wait for ever", held)
	}
	if w.asked {
		w.wrong("refresh() waits for ever")
	}
}
