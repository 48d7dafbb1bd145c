package session

import "github.com/fetch401/fetch401/wasm/protocol"

// Effect is something to be done about what happened; package protocol tells
// what of it each kind uses.
type Effect struct {
	Kind   protocol.Effect
	Call   int32
	Number int32
	Text   string
}

// Reasons for which a 401 is delivered or a login is fired, as the contract
// names them.
const (
	SessionEnded      = "session_ended"
	NoCredentials     = "no_credentials"
	RefreshFailedCode = "refresh_failed"
	StillUnauthorized = "still_unauthorized"
	NotReplayable     = "not_replayable"
	InsufficientScope = "insufficient_scope"
	StepUp            = "step_up"
	ForeignChallenge  = "foreign_challenge"
	LoginLoop         = "login_loop"
	Misconfigured     = "misconfigured"
)

// Codes of the errors that Complain prints.
const (
	Unreadable       = "FETCH401_REFRESH_UNREADABLE"
	MisconfiguredErr = "FETCH401_REFRESH_MISCONFIGURED"
)

// Take returns the effects since the last Take, in the order in which they
// are to be carried out. The slice is valid until the next event.
func (s *Session) Take() []Effect {
	taken := s.effects
	s.effects = s.effects[:0]
	return taken
}

func (s *Session) do(kind protocol.Effect, call, number int32, text string) {
	s.effects = append(s.effects, Effect{kind, call, number, text})
}
