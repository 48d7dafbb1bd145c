package tabs

import (
	"fmt"
	"math/rand"
	"strings"

	"github.com/fetch401/fetch401/wasm/grant"
)

// draw makes up a schedule: expiries, and what comes soon after them.
func draw(seed int64) (setting, []action) {
	r := rand.New(rand.NewSource(seed ^ 0x401))
	kinds := []setting{{kind: grant.Cookie}, {kind: grant.Cookie}, {kind: grant.Cookie}, {kind: grant.Attach},
		{kind: grant.Attach, share: true}, {kind: grant.Token}, {kind: grant.Token, share: true}, {kind: grant.Token, share: true}}
	s := kinds[r.Intn(len(kinds))]
	s.pages = 1 + r.Intn(5)
	s.grace = r.Intn(3) == 0
	s.alone = r.Intn(20) == 0
	s.blind = r.Intn(20) == 0
	s.lossy = r.Intn(4) == 0
	s.forgetful = !s.lossy && r.Intn(6) == 0
	s.outages = r.Intn(8) == 0
	calm := r.Intn(6) == 0
	if s.alone { // as one page today
		s.grace, s.share = true, false
	}
	if s.outages || calm {
		s.lossy, s.blind, s.alone, s.forgetful = false, false, false, false
	}
	if s.outages {
		calm = false
	}
	var schedule []action
	for at := int64(0); at < 150_000; at += 2_000 + r.Int63n(30_000) {
		schedule = append(schedule, action{at: at, kind: expire})
		soon := at
		for n := r.Intn(10); n > 0; n-- {
			soon += []int64{0, 1, 5, 30, 150, 1_000, 6_000}[r.Intn(7)] * r.Int63n(3)
			a := action{soon, burst, r.Intn(8), r.Int63n(1 + []int64{10, 1_000, 10_000, 40_000}[r.Intn(4)])}
			switch {
			case r.Intn(2) == 0:
			case calm:
				a.kind = deed(r.Intn(int(expire) + 1))
			case s.outages:
				a.kind = []deed{burst, abort, expire, down, down}[r.Intn(5)]
			default:
				a.kind = deed(r.Intn(int(deeds)))
			}
			schedule = append(schedule, a)
		}
	}
	return s, schedule
}

// play plays a schedule, and lets all settle at the end.
func play(seed int64, s setting, schedule []action) *world {
	w := newWorld(seed, s, s.calm(schedule) && (s.kind == grant.Cookie || s.share))
	for _, a := range schedule {
		w.after(a.at, func() { w.act(a) })
	}
	w.run(400_000)
	w.settle()
	return w
}

// settle lets the world come to rest, and each page call once more.
func (w *world) settle() {
	w.server.down, w.server.slow, w.server.deaf, w.server.hanging, w.server.wait = false, false, false, false, 0
	w.strict, w.quiet, w.retryAt = false, true, 0
	for _, t := range w.pages {
		t.wake()
	}
	w.run(200_000)
	for round := range 2 {
		w.say("(the end: all expires, and each page calls)")
		w.act(action{kind: expire})
		calls := map[*tab]*call{}
		for _, t := range w.pages {
			if w.failure == "" && t.runs() {
				calls[t] = t.start("last")
			}
		}
		w.run(60_000)
		for _, t := range w.pages {
			if c := calls[t]; c != nil && w.failure == "" {
				// A page may hear only now what it has missed.
				w.atRest(t, c, round == 1 || w.signedAt == 0 && !w.lossy)
			}
		}
		if w.holder != nil || len(w.waiters) > 0 {
			w.broken("nothing held", "a lock is held or waited for at the end")
		}
	}
}

func (w *world) atRest(t *tab, c *call, heals bool) {
	if len(t.calls) > 0 || t.p.phase != idle || t.p.wanted {
		w.broken("nothing held", "%s holds %d calls, phase %d, wanted %v", t.name, len(t.calls), t.p.phase, t.p.wanted)
	}
	f := w.server.families[w.person]
	if w.kind == grant.Token {
		f = w.server.families[t.tokens.person]
		if f != nil && !w.owned(f.refresh) {
			return // it went with the page that had it
		}
	}
	alive := f != nil && !f.ended && !t.out
	if w.kind == grant.Token && t.tokens.refresh == 0 || w.lost {
		return
	}
	// A page whose session has ended wants nothing, and what tells it otherwise
	// can be lost.
	if t.ended && w.lossy && w.kind == grant.Token {
		return
	}
	if heals && alive && c.status != 200 {
		w.broken("progress", "the last call of %s is answered with %d", t.name, c.status)
	}
}

// owned says that a page still has this refresh token.
func (w *world) owned(refresh int) bool {
	for _, t := range w.pages {
		if t.life != dead && t.tokens.refresh == refresh {
			return true
		}
	}
	return false
}

// shrink leaves out what the failure does not need.
func shrink(seed int64, s setting, schedule []action, failure string) []action {
	for size := len(schedule) / 2; size > 0; {
		shorter := false
		for from := 0; from+size <= len(schedule); {
			rest := append(append([]action(nil), schedule[:from]...), schedule[from+size:]...)
			if play(seed, s, rest).failure == failure {
				schedule, shorter = rest, true
			} else {
				from += size
			}
		}
		if !shorter || size > 1 {
			size /= 2
		}
	}
	return schedule
}

func story(seed int64, s setting, schedule []action) string {
	w := play(seed, s, schedule)
	return fmt.Sprintf("%+v\n%s", s, strings.Join(w.log, "\n"))
}
