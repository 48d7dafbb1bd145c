package tabs

import (
	"container/heap"
	"fmt"
	"math/rand"

	"github.com/fetch401/fetch401/wasm/grant"
)

// setting is what a schedule is played in.
type setting struct {
	kind  grant.Kind
	share bool
	alone bool // no page has locks
	blind bool // locks.query() throws
	grace bool // the server takes the previous refresh token for 10 s
	lossy bool // messages are lost and doubled
	// localStorage is blocked: a page that is born or comes back does not know
	// what it has missed
	forgetful bool
	pages     int
	outages   bool // the server is down at times, and nothing else is wrong
}

// calm says that nothing goes wrong but expiries.
func (s setting) calm(schedule []action) bool {
	for _, a := range schedule {
		if a.kind > expire {
			return false
		}
	}
	return !s.alone && !s.blind && !s.lossy && !s.outages
}

// world is an origin with its pages, a server, and a clock.
type world struct {
	setting
	strict  bool // nothing goes wrong: no exchange is needless
	r       *rand.Rand
	now     int64
	queue   queue
	order   int
	pages   []*tab
	log     []string
	failure string // of the first invariant that did not hold

	server   server
	jar      credentials // the cookies of the origin
	person   int         // signed in, from 1; 0 for nobody
	inFlight []*request
	sent     []*request // all of them
	lost     bool       // newer tokens rest with a page that cannot tell them
	retryAt  int64
	quiet    bool  // the schedule is over
	signedAt int64 // when another session last began, 0 for never

	holder  *lockRequest
	waiters []*lockRequest
	names   []lockName
	kept    []keptMessage
}

func newWorld(seed int64, s setting, strict bool) *world {
	w := &world{setting: s, strict: strict, r: rand.New(rand.NewSource(seed)), now: 1_000_000}
	w.person = 1
	w.lost = s.alone // without locks nothing keeps two from exchanging at once
	w.server.families, w.server.expires = map[int]*family{}, map[int]int64{}
	w.jar = w.server.signIn(w)
	for i := 0; i < s.pages; i++ {
		w.birth()
	}
	return w
}

func (w *world) say(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%8.3f  ", float64(w.now-1_000_000)/1000)+fmt.Sprintf(format, args...))
}

// broken notes that the invariant does not hold.
func (w *world) broken(invariant, format string, args ...any) {
	w.say("BROKEN: "+invariant+": "+format, args...)
	if w.failure == "" {
		w.failure = invariant
	}
}

// between draws a time.
func (w *world) between(least, most int64) int64 { return least + w.r.Int63n(most-least+1) }

// rarely is true once in n.
func (w *world) rarely(n int) bool { return w.r.Intn(n) == 0 }

type event struct {
	at    int64
	order int
	do    func()
}

type queue []event

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].order < q[j].order
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(e any)   { *q = append(*q, e.(event)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (w *world) after(ms int64, do func()) {
	w.order++
	heap.Push(&w.queue, event{w.now + ms, w.order, do})
}

// run lets ms pass.
func (w *world) run(ms int64) {
	end := w.now + ms
	for steps := 0; w.failure == "" && len(w.queue) > 0 && w.queue[0].at <= end; steps++ {
		if steps > 20_000 {
			w.broken("progress", "events without end")
			return
		}
		e := heap.Pop(&w.queue).(event)
		w.now = e.at
		e.do()
	}
	w.now = end
}
