// Package protocol owns every number that passes the door between Go and
// JavaScript: kinds of effects, what is told, the bits of calls and answers,
// facts, and the order of the configuration's lines. js/src/protocol.js is
// written from this source, so that each of them stands in one place by hand:
//
//	go generate ./wasm/protocol
//
// A name here becomes one there, NoLogin NO_LOGIN; the test of this package
// fails while the two differ. The numbers are no interface: the files of one
// build belong together, and messages between pages have names of their own.
package protocol

//go:generate go test -run TestJavaScript -rewrite .

// Effect is the kind of something to be done about what happened.
type Effect int32

// The effects. Each names the fields of session.Effect that it uses.
const (
	// Send sends the call, for the first time or again, with the access token
	// of generation Number; 0 means none.
	Send Effect = iota + 1
	// Deliver hands the 401 of the call to its caller, for the reason Text.
	Deliver
	// Exchange begins the exchange numbered Number. Where Call is 1, whose the
	// session is has to be known with its answer.
	Exchange
	// Adopt makes Number the present generation, and what the exchange in
	// Call brought its credentials; Call 0 means those that the app gave.
	Adopt
	// RefreshFailed reports an exchange that failed: Number is 1 for good and
	// 0 otherwise, Call the HTTP status (0 without an answer), Text the code.
	RefreshFailed
	// Login fires the login event, and, where Number is 1, leaves for the
	// login URL unless it is prevented. Text is the reason, and a line each
	// what was told of the call for which it is (its method and the status of
	// its answer) and its URL, where there is one, and of a step-up acr_values and
	// max_age.
	Login
	// Settle answers those who asked for a refresh with Text: renewed, kept
	// or ended.
	Settle
	// Wake asks for a Tick in Number milliseconds.
	Wake
	// Complain prints the coded error Text once; Number is the HTTP status
	// that it speaks of.
	Complain
	// Navigate leaves for the login URL. Text is the way back, and a line each the
	// reason, and of a step-up acr_values and max_age.
	Navigate
	// Abort aborts exchange Number.
	Abort
	// NewSession begins another session, as another page or an exchange has: with
	// the tokens that came with message or exchange Number, or without any where
	// that is 0. Where Call is 1 it is the same person's.
	NewSession
	// SessionChanged tells the app that generation Number is somebody else's.
	SessionChanged
	// Acquire asks for the lock.
	Acquire
	// Release lets it go, or the wait for it.
	Release
	// MarkRenewed takes for a while the shared lock whose name says that
	// exchange Number has renewed the session; Call is whose it is, as a number.
	MarkRenewed
	// MarkFailed takes the one that says that it has failed.
	MarkFailed
	// Unmark lets these go at once.
	Unmark
	// Announce tells the other pages Text: the numbers of a message, and 1 where
	// the present tokens go along, which last for Number seconds (0: unknown,
	// -1: they have run out).
	// Where Call is 1 the message is kept, too, for pages not yet born.
	Announce
)

// What tell tells of.
const (
	Tick = iota
	Shown
	Able
	Refresh
	Tokens
	Promised
	Broken
	Cleared
	LoginAsked
	Leaving
	// Opened, Hid, Reachable and LockFailed are those of package tabs.
	Opened
	Hid
	Reachable
	LockFailed
)

// Flags of a call, as started takes them.
const (
	// Stream marks a body that cannot be sent again.
	Stream = 1 << iota
	// NoLogin marks a call whose 401 never leads to login.
	NoLogin
	// Sent marks a call that was sent before Go was there, and so with
	// whatever it had.
	Sent
	// Earlier marks a call that was made in a session before the present one,
	// when nothing could be told of it yet.
	Earlier
	// AsksToken marks what is no call: it asks for an access token as a call
	// does that cannot be sent again, and wants one in any case. It ends as
	// failed.
	AsksToken
)

// What started answers where it is no generation.
const (
	// Waits says that the call waits.
	Waits = -1
	// Stray says that its URL is out of scope, and the call not Go's.
	Stray = -2
	// Ahead is added to the generation where Tick is to be told once the call is
	// on its way: it renews the session ahead of the end of its lifetime.
	Ahead = 1 << 30
)

// Looping is the first bit of unauthorized, exchanged and tell: this tab must
// not be sent to login now.
const Looping = 1

// Redirected is a bit of unauthorized: the 401 came behind the redirect of a
// write, so that what the call asked for may have been done.
const Redirected = 2

// Bits of exchanged.
const (
	// OpaqueRedirect says that the answer was a redirect, not followed.
	OpaqueRedirect = 2 << iota
	// AppFailed says that the app's own refresh was rejected.
	AppFailed
	// AppFinal says that it was for good.
	AppFinal
	// Parsed says that the body was a JSON object.
	Parsed
	// HasToken says that it has a usable access token.
	HasToken
)

// Bits of tell, the last two also of heard.
const (
	// Restored goes with Shown: from the back/forward cache.
	Restored = 2 << iota
	// Same goes with Tokens, Promised and Cleared: no other session begins.
	Same
	// AccessToken goes with Tokens: there is one to attach.
	AccessToken
	// RefreshToken goes with Tokens: there is one to exchange.
	RefreshToken
)

// Bits of configure.
const (
	// NoExchange says that nothing renews the session.
	NoExchange = 1 << iota
	// CrossOrigin says that the refresh goes to another origin than the page's.
	CrossOrigin
	// Framed says that the page is not the top-level one.
	Framed
	// Alone says that there are no locks.
	Alone
	// Share says that pages give each other their tokens.
	Share
)

// MarkFor is how many milliseconds a name of MarkRenewed or MarkFailed is held. Not
// longer: a page that holds a lock costs the browser energy, and itself the
// back/forward cache.
const MarkFor = 2000

// How a session is renewed, as configure takes it.
const (
	// KindCookie is a POST that renews a cookie.
	KindCookie = iota
	// KindAttach is a POST whose JSON answer carries an access token.
	KindAttach
	// KindToken is the refresh_token grant at a token endpoint.
	KindToken
	// KindApp is the app's own function.
	KindApp
)

// The lines of the text that configure takes; the rest of it are the prefixes
// of protected calls.
const (
	// LineLoginOrigin is the origin of the login URL, empty without one.
	LineLoginOrigin = iota
	// LineLoginPath is its path.
	LineLoginPath
	// LineLoginHash is its fragment with the "#", empty without one.
	LineLoginHash
	// Lines counts them.
	Lines
)

// Facts that fact answers with.
const (
	// FactGeneration is the number of the present generation.
	FactGeneration = iota
	// FactRefreshing is 1 while an exchange is under way.
	FactRefreshing
	// FactEnded is 1 once the session has ended.
	FactEnded
	// FactHeld counts the calls that wait.
	FactHeld
)

// EffectNumbers is how many numbers an effect is in memory: kind, call,
// number, and address and length of the text, in 32 bits each.
const EffectNumbers = 5

// Bit is a fact as it passes the door.
func Bit(fact bool) int32 {
	if fact {
		return 1
	}
	return 0
}
