package session

import "math"

// deadline bounds how long the call waits.
func (s *Session) deadline(now int64, c *call) {
	c.deadline = now + s.config.Timeout
	s.wake(now, c.deadline)
}

// wake asks for a Tick at that time, unless an earlier one is due.
func (s *Session) wake(now, at int64) {
	if s.wakeAt == 0 || at < s.wakeAt {
		s.wakeAt = at
		s.do(Wake, 0, int32(min(at-now, math.MaxInt32)), "")
	}
}

// Tick tells that time has passed: calls that have waited long enough go on
// as they are. The exchange goes on too, and a late answer still counts.
func (s *Session) Tick(now int64) {
	s.wakeAt = 0
	var next int64
	for i := range s.calls {
		c := &s.calls[i]
		if c.phase < waiting {
			continue
		}
		if c.deadline > now {
			if next == 0 || c.deadline < next {
				next = c.deadline
			}
			continue
		}
		s.tooLate()
		s.release(int32(i), s.overdue())
	}
	if s.asked {
		if due := s.askedAt + s.config.Timeout; due > now {
			if next == 0 || due < next {
				next = due
			}
		} else {
			s.tooLate()
			s.settle("kept")
		}
	}
	if next != 0 {
		s.wake(now, next)
	}
}

// tooLate tells once of an exchange that calls no longer wait for.
func (s *Session) tooLate() {
	if s.exchange.active && !s.exchange.late {
		s.exchange.late = true
		s.do(RefreshFailed, s.exchange.number, 0, "timeout")
	}
}

// overdue is the reason for which a call that waited too long gets its 401.
func (s *Session) overdue() string {
	if s.ended {
		return SessionEnded
	}
	return RefreshFailedCode
}

// pause is a URL that stays unauthorized while others are not: no exchange
// is begun for it until a time.
type pause struct {
	url        string
	until      int64
	length     int64
	generation int32 // that it was last refused with
}

// pause begins or doubles the pause of the call's URL, once per generation.
func (s *Session) pause(now int64, c *call) {
	for i := range s.pauses {
		p := &s.pauses[i]
		if p.url != string(c.url) {
			continue
		}
		if p.generation != c.generation {
			p.generation = c.generation
			p.length = min(2*p.length, longestPause)
			p.until = now + p.length
		}
		return
	}
	if len(s.pauses) == maxPauses {
		copy(s.pauses, s.pauses[1:])
		s.pauses = s.pauses[:maxPauses-1]
	}
	s.pauses = append(s.pauses, pause{string(c.url), now + firstPause, firstPause, c.generation})
}

func (s *Session) paused(now int64, url []byte) bool {
	for i := range s.pauses {
		if s.pauses[i].url == string(url) {
			return now < s.pauses[i].until
		}
	}
	return false
}

// resume ends the pause of a URL that was answered otherwise than 401.
func (s *Session) resume(url []byte) {
	for i := range s.pauses {
		if s.pauses[i].url == string(url) {
			s.pauses = append(s.pauses[:i], s.pauses[i+1:]...)
			return
		}
	}
}
