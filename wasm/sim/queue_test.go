package sim

import "slices"

// event is something that happens at a time; of two at the same time the one
// that was asked for first comes first.
type event struct {
	at, order int64
	do        func()
}

func (e event) before(other event) bool {
	return e.at < other.at || e.at == other.at && e.order < other.order
}

// queue holds what is to happen, as a heap. (container/heap would box each
// event.)
type queue struct {
	events []event
	order  int64
	popped int
}

func (q *queue) push(at int64, do func()) {
	q.order++
	q.events = append(q.events, event{at, q.order, do})
	for i := len(q.events) - 1; i > 0; {
		parent := (i - 1) / 2
		if !q.events[i].before(q.events[parent]) {
			return
		}
		q.events[i], q.events[parent] = q.events[parent], q.events[i]
		i = parent
	}
}

func (q *queue) pop() event {
	q.popped++
	top := q.events[0]
	last := len(q.events) - 1
	q.events[0] = q.events[last]
	q.events[last] = event{}
	q.events = q.events[:last]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
			if q.events[child].before(q.events[least]) {
				least = child
			}
		}
		if least == i {
			return top
		}
		q.events[i], q.events[least] = q.events[least], q.events[i]
		i = least
	}
}

// delay puts off what would come before, in the order in which it would come.
func (q *queue) delay(until int64) {
	slices.SortFunc(q.events, func(a, b event) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	for i := range q.events {
		q.order++
		q.events[i].at, q.events[i].order = max(q.events[i].at, until), q.order
	}
}
