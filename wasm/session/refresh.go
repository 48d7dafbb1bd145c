package session

import "github.com/fetch401/fetch401/wasm/protocol"

// Refresh tells that the app asks for an exchange now. Settle answers it.
func (s *Session) Refresh(now int64) {
	switch {
	case s.life == signedOut || s.means == nothing && s.life.over():
		s.do(protocol.Settle, 0, 0, "ended")
	case s.means == nothing:
		s.do(protocol.Settle, 0, 0, "kept")
	default:
		if s.means == faulty {
			s.means = usable
		}
		if s.askedUntil == 0 {
			s.askedUntil = now + s.config.Timeout
			s.wake(now, s.askedUntil)
		}
		s.renew()
	}
}

func (s *Session) settle(outcome string) {
	if s.askedUntil != 0 {
		s.askedUntil = 0
		s.do(protocol.Settle, 0, 0, outcome)
	}
}
