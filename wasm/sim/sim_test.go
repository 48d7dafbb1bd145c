package sim

import (
	"flag"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	schedules = flag.Int64("schedules", 3000, "how many schedules to play")
	first     = flag.Int64("first", 0, "the seed of the first")
	only      = flag.String("only", "", "play on until this invariant fails")
	all       = flag.Bool("all", false, "play on after a failure, on all processors, and list the seeds that fail")
	seed      = flag.Int64("seed", -1, "play the schedule of this seed alone, and tell it")
)

// TestSchedules plays random schedules, and holds what must be true whatever
// happens.
func TestSchedules(t *testing.T) {
	if *seed >= 0 {
		w := draw(*seed).play(true)
		t.Logf("seed %d: %s\n%s", *seed, w.failure, w.story.text.String())
		return
	}
	if *all {
		playAll(t)
		return
	}
	events := 0
	for seed := *first; seed < *first+*schedules; seed++ {
		s := draw(seed)
		w := s.play(false)
		events += w.queue.popped
		if w.failure == "" || *only != "" && w.failure != *only {
			continue
		}
		s = s.shrink(w.failure)
		t.Fatalf("seed %d: %s\n# %s\n%s", seed, w.failure, s.conditions(), s.play(true).story.text.String())
	}
	t.Logf("%d schedules, %d events", *schedules, events)
}

// playAll plays them side by side: nothing of one is another's.
func playAll(t *testing.T) {
	var next, events atomic.Int64
	var players sync.WaitGroup
	for range 2 {
		players.Go(func() {
			for seed := *first + next.Add(1) - 1; seed < *first+*schedules; seed = *first + next.Add(1) - 1 {
				w := draw(seed).play(false)
				events.Add(int64(w.queue.popped))
				if w.failure != "" {
					t.Errorf("seed %d: %s: %s", seed, w.failure, draw(seed).conditions())
				}
			}
		})
	}
	players.Wait()
	t.Logf("%d schedules, %d events", *schedules, events.Load())
}
