// Package sim plays random schedules with many pages of one origin: each the
// real wasm/tab, with its session and its part in the protocol between pages,
// and for the rest of the world a server that rotates refresh tokens and ends a
// session whose token is used twice, Web Locks, BroadcastChannel, localStorage,
// and a clock. What JavaScript does (the gate, and what carries out effects) is
// played as it stands in js/src/gate and js/src/program, so that a call of the
// simulator lives through what a call of a page does.
//
// Whatever happens, the invariants hold after every step (see invariants_test.go).
// A failure prints its seed and, made as short as it goes, its story in the
// words of the stories of wasm/tab:
//
//	go test ./wasm/sim -schedules 1000000 -all -timeout 0
//	go test ./wasm/sim -seed 4711
//
// That each invariant can fail is held by testdata/mutants: changes of the
// sources, each with the invariant that fails by it.
//
// What it does not play: a late cookie of a session that another has followed (a
// server that signs out ends the whole family, so it is worth nothing), a
// document that is prerendered, frames, and a Go program that ends.
package sim

import (
	"math/rand/v2"
)

// noon is when a schedule begins, by the clock that nobody sets and by the
// calendar.
const (
	noon     = 1_000_000
	calendar = 1_700_000_000_000
)

// world is an origin with its pages, a server, and the clocks.
type world struct {
	setting
	r          *rand.Rand
	now        int64 // by the clock that nobody sets, in milliseconds
	asleep     int64 // how long that clock has stood still while the machine slept
	set        int64 // how far the time of day is off
	queue      queue
	microtasks []func()
	pages      []*page
	story      story
	failure    string // the first invariant that did not hold

	server   server
	jar      credentials // the cookies of the origin
	signedIn *family     // the session that the person has, nil for none
	inFlight []*request
	sent     []*request // all exchanges
	locks    locks
	notes    []note // what localStorage holds, the newest last

	strict    bool // nothing goes wrong: no exchange is needless
	over      bool // the schedule is: all recovers
	lost      bool // newer credentials rest where nobody can use them
	retryBy   *page
	failedAt  int64             // when its exchange failed
	retryAt   int64             // nobody exchanges before, 0 where that is not known
	signedAt  int64             // when somebody last signed in or out, 0 for never
	actedAt   int64             // when a session last began or ended, or the machine woke since
	wokeAt    int64             // when the machine last woke
	slept     int64             // for how long
	sleptAll  int64             // and in all, by the clock that goes on
	shiftedAt int64             // when the two clocks last went apart, 0 for never
	unnoted   bool              // a person has changed without any page being told
	misled    bool              // a page tells of a sign-in, and nobody can know that another came after: late, or by a clock that was set
	lied      bool              // a call with good credentials was answered with 401
	names     int               // of calls
	bySession map[int32]*family // whose session a number in messages is
}

func newWorld(seed int64, s setting, strict bool, telling bool) *world {
	w := &world{setting: s, strict: strict, now: noon, r: rand.New(rand.NewPCG(uint64(seed), 401))}
	w.story.telling = telling
	w.story.at = noon
	w.bySession = map[int32]*family{}
	w.lost = s.alone // without locks nothing keeps two from exchanging at once
	w.signedIn = w.server.signIn(w, 1)
	w.jar = w.signedIn.credentials
	for range s.pages {
		w.birth()
	}
	return w
}

// serverTime goes on while the machine sleeps.
func (w *world) serverTime() int64 { return w.now + w.asleep }

// date is the time of day, in milliseconds since 1970.
func (w *world) date() int64 { return calendar + w.serverTime() + w.set }

// between draws a time.
func (w *world) between(least, most int64) int64 { return least + w.r.Int64N(most-least+1) }

// rarely is true once in n.
func (w *world) rarely(n int) bool { return w.r.IntN(n) == 0 }

// broken notes that an invariant does not hold.
func (w *world) broken(invariant, format string, args ...any) {
	w.story.note("BROKEN: "+invariant+": "+format, args...)
	if w.failure == "" {
		w.failure = invariant
	}
}

// soon does something at the end of the present task.
func (w *world) soon(do func()) { w.microtasks = append(w.microtasks, do) }

func (w *world) endTask() {
	for len(w.microtasks) > 0 {
		do := w.microtasks[0]
		w.microtasks = w.microtasks[1:]
		do()
	}
}

// after does something in so many milliseconds.
func (w *world) after(ms int64, do func()) { w.queue.push(w.now+ms, do) }

// maxEvents is how many events a schedule has at most: more are without end.
const maxEvents = 60_000

// run lets ms pass.
func (w *world) run(ms int64) {
	end := w.now + ms
	w.endTask()
	for w.failure == "" && len(w.queue.events) > 0 && w.queue.events[0].at <= end {
		if w.queue.popped > maxEvents {
			w.broken("progress", "events without end")
			return
		}
		e := w.queue.pop()
		w.now = max(w.now, e.at)
		e.do()
		w.endTask()
	}
	w.now = max(w.now, end)
}

// sleep lets the machine sleep: no event comes meanwhile, and the clock that
// nobody sets goes on or stands still, as the operating system has it.
func (w *world) sleep(ms int64, still bool) {
	soon := w.now-w.actedAt < 1_000
	w.shiftedAt = w.now
	w.disconnect()
	if still {
		w.asleep += ms
		return
	}
	w.now += ms
	w.wokeAt, w.slept = w.now, ms
	w.sleptAll += ms
	if soon {
		w.actedAt = w.now
	}
	w.queue.delay(w.now)
	for _, p := range w.pages {
		p.stoppedAt = w.now
	}
}
