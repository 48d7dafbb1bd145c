package tabs

import "math"

// Kind says what an [Effect] asks for.
type Kind int32

// The effects. First those that concern the lock and the channel.
const (
	// Acquire asks for the lock, and for [Page.Granted] or [Page.LockFailed].
	Acquire Kind = iota + 1
	// Withdraw ends the wait for the lock.
	Withdraw
	// Release lets the lock go, once the names asked for before are held.
	Release
	// MarkRenewed takes the shared lock whose name says that exchange Number
	// has renewed the session, and lets it go after protocol.MarkFor.
	MarkRenewed
	// MarkFailed takes the shared lock whose name says that exchange Number
	// has failed, and lets it go after protocol.MarkFor.
	MarkFailed
	// Unmark lets all these names go at once.
	Unmark
	// Announce sends Message to the other pages. Where Number is 1 it is kept,
	// too, for pages not yet born (see [Page.Noted]), also while the channel
	// is closed; then without tokens.
	Announce

	// Exchange begins exchange Number.
	Exchange
	// Abort aborts exchange Number. What comes of it is told all the same, and
	// is ignored unless it has renewed the session after all.
	Abort
	// Probe sends one held call again, and tells with [Page.Probed].
	Probe
	// Adopt takes over renewal Number, made elsewhere: held calls are sent
	// again. With Share its tokens came with the message being heard.
	Adopt
	// Fail gives what waits its own 401: the session is not renewed for now.
	Fail
	// End ends the session: the server has refused to renew it.
	End
	// SignIn says that another session has begun elsewhere. With Share its
	// tokens came with the message being heard if Number is not 0.
	SignIn
	// SignOut says that the person has signed out elsewhere.
	SignOut
)

// Effect is something to be done about what happened.
type Effect struct {
	Kind    Kind
	Number  int32
	Message Message // of Announce
}

// Take returns the effects since the last Take, in the order in which they
// are to be carried out. The slice is valid until the next event.
func (p *Page) Take() []Effect {
	taken := p.effects
	p.effects = p.effects[:0]
	return taken
}

func (p *Page) do(kind Kind, number int32) {
	if p.config.Alone && kind <= Unmark {
		return
	}
	p.effects = append(p.effects, Effect{Kind: kind, Number: number})
}

// announce tells the other pages, and those not yet born.
func (p *Page) announce(kind Told, number int32) { p.post(kind, number, 1) }

// ago notes in the message that was announced last how long ago it was.
func (p *Page) ago(ms int64) {
	p.effects[len(p.effects)-1].Message.Wait = int32(min(max(ms, 0), math.MaxInt32))
}

func (p *Page) post(kind Told, number, keep int32) {
	p.effects = append(p.effects, Effect{Announce, keep, Message{
		Version: version, Kind: kind, Number: number, Newest: p.newest, Session: p.session,
		Tokens: p.config.Share && (kind == Renewed || kind == Have || kind == SignedIn),
	}})
}
