package session

import (
	"math"

	"github.com/fetch401/fetch401/wasm/protocol"
)

// deadline bounds how long the call waits.
func (s *Session) deadline(now int64, c *call) {
	c.deadline = now + s.config.Timeout
	s.wake(now, c.deadline)
}

// wake asks for a Tick at that time, unless an earlier one is due.
func (s *Session) wake(now, at int64) {
	if s.wakeAt == 0 || at < s.wakeAt {
		s.wakeAt = at
		s.do(protocol.Wake, 0, int32(min(at-now, math.MaxInt32)), "")
	}
}

// due is the next time at which something waits no longer, 0 if nothing does.
func (s *Session) due() int64 {
	next := s.askedUntil
	for i := range s.calls {
		if c := &s.calls[i]; c.phase >= waiting && (next == 0 || c.deadline < next) {
			next = c.deadline
		}
	}
	return next
}

// Tick tells that time has passed: calls that have waited long enough go on
// as they are. The exchange goes on too, and a late answer still counts.
func (s *Session) Tick(now int64) {
	s.wakeAt = 0
	for i := range s.calls {
		if c := &s.calls[i]; c.phase >= waiting && c.deadline <= now {
			s.tooLate()
			s.release(int32(i), s.lateReason())
		}
	}
	if s.askedUntil != 0 && s.askedUntil <= now {
		s.tooLate()
		s.settle("kept")
	}
	if next := s.due(); next != 0 {
		s.wake(now, next)
	}
}

// tooLate tells once of an exchange that calls no longer wait for.
func (s *Session) tooLate() {
	if s.exchange.stage == running {
		s.exchange.stage = overdue
		s.do(protocol.RefreshFailed, 0, 0, "timeout")
	}
}

// lateReason is the reason for which a call that waited too long gets its 401.
func (s *Session) lateReason() string {
	if s.life.over() {
		return SessionEnded
	}
	return RefreshFailedCode
}

// Unneeded says that nothing waits any more for the exchange that was asked
// for; it is then no longer asked for.
func (s *Session) Unneeded() bool {
	if s.exchange.stage != asked || s.exchange.early || s.needed() {
		return false
	}
	s.exchange.stage = idle
	return true
}

// needed says that something waits for an exchange.
func (s *Session) needed() bool {
	return s.askedUntil != 0 || s.postponed != "" || s.probe != none || s.Held() > 0
}
