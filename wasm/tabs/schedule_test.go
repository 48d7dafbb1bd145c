package tabs

import (
	"flag"
	"testing"
)

var (
	schedules = flag.Int64("schedules", 1500, "how many schedules to play")
	from      = flag.Int64("from", 0, "the seed of the first")
	only      = flag.String("only", "", "play on until this invariant fails")
)

// TestSchedules plays random schedules with many pages, and holds what must be
// true whatever happens. A failure prints its seed and a story of the least
// that leads to it.
func TestSchedules(t *testing.T) {
	for seed := *from; seed < *from+*schedules; seed++ {
		s, schedule := draw(seed)
		w := play(seed, s, schedule)
		if w.failure == "" || *only != "" && w.failure != *only {
			continue
		}
		schedule = shrink(seed, s, schedule, w.failure)
		t.Fatalf("seed %d: %s\n%s", seed, w.failure, story(seed, s, schedule))
	}
}
