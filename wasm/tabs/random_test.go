package tabs

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/grant"
)

// TestAnything lets everything happen to one page in any order, and holds what
// must be true whatever happens: that it asks for nothing that cannot be, and
// comes to rest. A failure prints the events that led to it.
func TestAnything(t *testing.T) {
	kinds := []grant.Kind{grant.Cookie, grant.Attach, grant.Token, grant.App}
	for seed := int64(0); seed < 4000 && !t.Failed(); seed++ {
		r := rand.New(rand.NewSource(seed))
		l := &lone{t: t, r: r, now: 1_000_000, p: New(Config{Kind: kinds[seed%4], Share: seed%3 == 0, Alone: seed%7 == 0, Seed: uint32(seed)})}
		l.alone = l.p.config.Alone
		for step := 0; step < 200 && !t.Failed(); step++ {
			l.now += int64(r.Intn(3) * r.Intn(3) * r.Intn(3000))
			l.step()
			l.effects()
		}
		l.rest()
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(l.log, "\n"))
		}
	}
}

type lone struct {
	t     *testing.T
	r     *rand.Rand
	p     *Page
	now   int64
	log   []string
	alone bool

	asked, held, hidden bool  // what the page has made of the lock, and of itself
	exchange            int32 // the one that counts
	last                int32 // the newest that was begun
	tokens              bool  // the message being heard has tokens
}

func (l *lone) event(format string, args ...any) {
	l.log = append(l.log, fmt.Sprintf("%d ", l.now)+fmt.Sprintf(format, args...))
}

func (l *lone) wrong(format string, args ...any) {
	l.event("WRONG: "+format, args...)
	l.t.Errorf(format, args...)
}

func (l *lone) message() Message {
	small := func() int32 { return int32(l.r.Intn(12)) }
	m := Message{Version: version, Kind: Told(l.r.Intn(10)), Number: l.last - 4 + small(), Newest: l.last - 5 + small(),
		Session: l.p.session, Wait: int32(l.r.Intn(1 << 20)), Failures: small() - 2, Tokens: l.r.Intn(2) == 0}
	if l.r.Intn(8) == 0 {
		m.Session += int32(l.r.Intn(4000) - 2000)
	}
	return m
}

func (l *lone) step() {
	p, r := l.p, l.r
	switch r.Intn(14) {
	case 0, 1:
		l.event("wanted")
		p.Wanted(l.now)
	case 2:
		l.event("unwanted")
		p.Unwanted()
	case 3, 4, 5:
		if l.asked && !l.hidden {
			contended, renewed, failed := r.Intn(2) == 0, int32(r.Intn(3)*(int(l.last)+r.Intn(4)-2)), int32(r.Intn(3)*(int(l.last)+r.Intn(4)-2))
			l.event("granted %v %d %d", contended, renewed, failed)
			l.asked, l.held = false, true
			p.Granted(l.now, contended, max(renewed, -1), max(failed, 0))
		}
	case 6:
		class := grant.Class(r.Intn(4))
		n := l.last - int32(r.Intn(3))
		l.event("exchanged %d class %d", n, class)
		counts := p.Exchanged(l.now, Result{n, class, r.Intn(2) == 0, int64(r.Intn(3) * 400_000)})
		if n == l.exchange {
			l.exchange = 0
		} else if counts && class != grant.Renewed {
			l.wrong("a failure that was left behind counts")
		}
	case 7, 8:
		m := l.message()
		l.event("heard %s", m)
		l.tokens = m.Tokens
		p.Heard(l.now, int64(r.Intn(3)*r.Intn(20_000)), m)
	case 9:
		found := Found(r.Intn(3))
		l.event("probed %d", found)
		p.Probed(l.now, found)
	case 10:
		l.event("tick")
		p.Tick(l.now)
	case 11:
		if l.hidden || r.Intn(2) == 0 {
			m := l.message()
			l.event("noted %s, opened", m)
			l.tokens = false
			p.Noted(l.now, int64(r.Intn(40_000)-5_000), m)
			l.hidden = false
			p.Opened(l.now, l.now*int64(r.Intn(2)))
		} else {
			l.event("hid")
			p.Hid(l.now)
			l.exchange = 0
			l.effects()
			l.hidden = true
		}
	case 12:
		l.event("reachable")
		p.Reachable()
	case 13:
		switch r.Intn(9) {
		case 0:
			l.event("signed in")
			p.SignedIn(l.now, l.now*int64(r.Intn(2)))
		case 1:
			l.event("signed out")
			p.SignedOut(l.now, l.now*int64(r.Intn(2)))
		}
	}
}

func (l *lone) effects() {
	for _, e := range l.p.Take() {
		l.event("  %s", e)
		switch e.Kind {
		case Acquire:
			if l.asked || l.held || l.hidden {
				l.wrong("acquire: asked %v, held %v, hidden %v", l.asked, l.held, l.hidden)
			}
			l.asked = true
		case Withdraw:
			if !l.asked {
				l.wrong("withdraw without a wait")
			}
			l.asked = false
		case Release:
			if !l.held {
				l.wrong("release without the lock")
			}
			l.held = false
		case Exchange:
			if l.exchange != 0 || l.hidden || !l.held && !l.alone || e.Number <= l.last {
				l.wrong("exchange %d after %d, beside %d: held %v, hidden %v", e.Number, l.last, l.exchange, l.held, l.hidden)
			}
			l.exchange, l.last = e.Number, e.Number
		case Abort:
			if e.Number != l.exchange {
				l.wrong("abort %d, not %d", e.Number, l.exchange)
			}
			l.exchange = 0
		case Probe:
			if l.hidden || !l.held && !l.alone {
				l.wrong("probe: held %v, hidden %v", l.held, l.hidden)
			}
		case Adopt:
			if l.p.config.Kind != grant.Cookie && !l.tokens {
				l.wrong("adopt %d without tokens", e.Number)
			}
			if e.Number != l.p.Number() {
				l.wrong("adopt %d has become %d", e.Number, l.p.Number())
			}
		case Announce:
			if !e.Message.valid() {
				l.wrong("a message that nobody hears")
			}
		}
	}
	if l.hidden && (l.asked || l.held) {
		l.wrong("a page that does not run has the lock, or waits for it")
	}
}

// rest lets time pass until nothing is due.
func (l *lone) rest() {
	for n := 0; l.p.Due() != 0 && !l.t.Failed(); n++ {
		if n > 100 || l.p.Due() > l.now+lockLimit {
			l.wrong("due in %d ms, after %d ticks", l.p.Due()-l.now, n)
		}
		l.now = max(l.now, l.p.Due())
		l.event("tick")
		l.p.Tick(l.now)
		l.effects()
	}
	if l.asked || l.held || l.p.wanted && !l.hidden {
		l.wrong("at the end: asked %v, held %v, wanted %v", l.asked, l.held, l.p.wanted)
	}
}
