package session

// Kind says what an [Effect] asks for.
type Kind int32

// The effects. Each names the fields of Effect that it uses.
const (
	// Send sends the call, for the first time or again, with the access token
	// of generation Number; 0 means none.
	Send Kind = iota + 1
	// Deliver hands the 401 of the call to its caller, for the reason Text.
	Deliver
	// Exchange begins the exchange numbered Number.
	Exchange
	// Adopt makes Number the present generation, and what the exchange in
	// Call brought its credentials; Call 0 means those that the app gave.
	Adopt
	// RefreshFailed reports an exchange that failed: Number is 1 for good and
	// 0 otherwise, Text the coded cause.
	RefreshFailed
	// Blame remembers the call as the one that the next Login speaks of.
	Blame
	// Login fires the login event for the reason Text, and, where Number is
	// 1, leaves for the login URL unless the event is prevented.
	Login
	// Settle answers those who asked for a refresh with Text: renewed, kept
	// or ended.
	Settle
	// Wake asks for a Tick in Number milliseconds.
	Wake
	// Complain prints the coded error Text once.
	Complain
	// Navigate leaves for the login URL, with Text as the way back, and
	// remembers for this tab that it was sent there. The session itself never
	// asks for it.
	Navigate
)

// Effect is something to be done about what happened.
type Effect struct {
	Kind   Kind
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

func (s *Session) do(kind Kind, call, number int32, text string) {
	s.effects = append(s.effects, Effect{kind, call, number, text})
}
