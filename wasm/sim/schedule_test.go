package sim

import (
	"math/rand/v2"
)

// schedule is what is done to the world, and in what setting.
type schedule struct {
	setting
	seed    int64
	actions []action
}

// draw makes up a schedule: expiries, and what comes soon after them.
func draw(seed int64) schedule {
	r := rand.New(rand.NewPCG(uint64(seed), 402))
	setting, calm := drawSetting(r)
	s := schedule{setting: setting, seed: seed}
	for at := int64(0); at < 100_000; at += 2_000 + r.Int64N(30_000) {
		s.actions = append(s.actions, action{at: at, deed: expire})
		soon := at
		for n := r.IntN(10); n > 0; n-- {
			soon += []int64{0, 1, 5, 30, 150, 1_000, 6_000}[r.IntN(7)] * r.Int64N(3)
			a := action{soon, burst, r.IntN(40), r.Int64N(1 + []int64{10, 1_000, 10_000, 40_000}[r.IntN(4)])}
			switch {
			case r.IntN(2) == 0:
			case calm:
				a.deed = deed(r.IntN(int(expire) + 1))
			case s.outages:
				a.deed = []deed{burst, abort, expire, spoil, spoil}[r.IntN(5)]
			default:
				a.deed = deed(r.IntN(int(deeds)))
			}
			s.actions = append(s.actions, a)
		}
	}
	return s
}

// calm says that nothing goes wrong but expiries.
func (s schedule) calm() bool {
	for _, a := range s.actions {
		if a.deed > expire {
			return false
		}
	}
	return !s.alone && !s.lockless && !s.blind && !s.lossy && !s.forgetful && !s.outages
}

// play plays a schedule, and lets all come to rest at the end.
func (s schedule) play(telling bool) *world {
	w := newWorld(s.seed, s.setting, s.calm() && (!s.carrying() || s.share) && !s.loginOnly, telling)
	for _, a := range s.actions {
		w.after(a.at, func() { w.act(a) })
	}
	w.run(160_000)
	w.rest()
	return w
}

// shrink leaves out what the failure does not need.
func (s schedule) shrink(failure string) schedule {
	for size := len(s.actions) / 2; size > 0; {
		shorter := false
		for from := 0; from+size <= len(s.actions); {
			rest := s
			rest.actions = append(append([]action(nil), s.actions[:from]...), s.actions[from+size:]...)
			if rest.play(false).failure == failure {
				s, shorter = rest, true
			} else {
				from += size
			}
		}
		if !shorter || size > 1 {
			size /= 2
		}
	}
	return s
}
