package tabs

// version of the messages. What a page of another build says in another
// version is ignored: locks, names and probes do without messages.
const version = 1

// limit of the numbers in a message; above it nothing of ours can come from.
const limit = 1 << 30

// Told is what a Message tells.
type Told int32

// The kinds of messages; others are ignored. Number is always that of an
// exchange, or of what else began new credentials.
const (
	// Began: exchange Number is about to be sent.
	Began Told = iota + 1
	// Renewed: exchange Number has renewed the session, or the sender has
	// found that somebody did.
	Renewed
	// Failed: exchange Number has failed for now; for Wait nobody tries again.
	Failed
	// Ended: exchange Number was refused for good.
	Ended
	// Ask: who has something newer than Number tells it.
	Ask
	// Have: renewal Number is there, for one that is behind. It says nothing of
	// an exchange that is under way, whose number may be as low.
	Have
	// SignedIn: the app has begun another session.
	SignedIn
	// SignedOut: the person has signed out.
	SignedOut
)

// Message is what one page tells the others. On the wire it is an object with
// the members version, kind, number, newest, session, wait, failures and subject,
// all integers; beside them at, when it was told in milliseconds since 1970, from
// which its age is counted, and, with Share, the tokens of a Renewed, Have or
// SignedIn. A member that is missing or no integer is 0; others are ignored.
type Message struct {
	Version  int32
	Kind     Told
	Number   int32
	Newest   int32 // renewal that the sender knows of
	Session  int32 // of the sender; what comes from an older one is ignored
	Wait     int32 // of Failed, in milliseconds; of SignedIn and SignedOut, how long ago the person may have done so
	Failures int32 // of Failed: how many there were in a row
	Subject  int32 // whose the sender's session is, as a number, 0 for unknown; nothing here looks at it
	Tokens   bool  // the sender's tokens go along
}

func (m Message) valid() bool {
	return m.Version == version && within(m.Number) && within(m.Newest) && within(m.Session)
}

func within(n int32) bool { return n >= 0 && n < limit }
