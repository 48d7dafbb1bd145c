// Package session decides what becomes of a web app's calls when one of them
// is answered with 401 (RFC 9110 §15.5.2): whether the session is refreshed,
// which calls are sent again and with which credentials, when a 401 is handed
// to its caller, and when the person has to sign in.
//
// A Session is a state machine without I/O. Its methods take what happened
// and the current time, and leave effects behind: what is to be done about
// it, as data, to be taken with [Session.Take]. It starts no goroutines, owns
// no timers and reads no clock. It refuses to see tokens, bodies, requests or
// responses: a call is a small number, and the access token of a generation
// is known by the number of that generation alone.
//
// Two ideas carry it. A generation numbers each renewed session, and a call
// remembers the generation of the credentials that it was sent with; so a 401
// that comes late is told apart from one that speaks of the present
// credentials, and a hundred 401s lead to one exchange. And an exchange that
// fails is not an ended session: only a refusal for good is.
//
// Rejected: a lock with a queue of promises, as hand-written interceptors
// have it, since Chromium serialises identical GETs in its HTTP cache and
// their late 401s then refresh again and again; and refreshing ahead of time
// by a timer, since a page that nobody looks at would keep its session alive: a
// call does it, and does not wait.
package session

import (
	"github.com/fetch401/fetch401/wasm/grant"
)

// Limits of the contract, in milliseconds unless said otherwise.
const (
	probeAfter    = 30_000  // an ended cookie session may be tried again
	sharedFailure = 2_000   // a failure answers for calls that were under way
	firstPause    = 30_000  // no exchange for a URL that stays unauthorized
	longestPause  = 600_000 // where the doubling of the pause ends
	maxSends      = 3       // times that one call is sent at most
	maxPauses     = 64      // URLs whose pauses are remembered
	maxRefusing   = 64      // URLs that are remembered for having answered 401
	longestEarly  = 60_000  // before the end of a lifetime, unless it is configured
	refusingEnds  = 3       // URLs that stay unauthorized end a session that nothing speaks for
)

// Config is what a Session has to know of the page's configuration.
type Config struct {
	// Kind is how the session is renewed. It is ignored where NoExchange is set.
	Kind grant.Kind
	// NoExchange says that nothing renews the session: a 401 leads to login.
	NoExchange bool
	// LoginURL says that a login URL is configured. Without one the page never
	// leaves for it, and its login events are all that happens.
	LoginURL bool
	// CrossOrigin says that the refresh goes to another origin than the page's,
	// where a missing CORS header looks like a network error.
	CrossOrigin bool
	// Timeout is how long a call waits for a refresh, in milliseconds.
	Timeout int64
	// Early is how long before the end of a lifetime a call refreshes ahead of
	// it, in milliseconds; 0 for never, below 0 for a tenth of the lifetime, at
	// most a minute.
	Early int64
}

// PageState is where the page stands at the moment of an event.
type PageState struct {
	OnLogin      bool // the page is the login page
	Framed       bool // the page is not the top-level one
	Hidden       bool // the page is not visible
	Prerendering bool // the page is prerendered and not yet activated
	Looping      bool // this tab was sent to login so often that it must not be now
}

// Session is the state of one page's session. It is not safe for concurrent
// use. The zero value is not usable; call [New].
type Session struct {
	config Config
	page   PageState

	calls   []call
	probe   int32 // the call that was sent as a probe
	effects []Effect

	life       life
	means      means
	trust      trust
	number     int32    // of this session, from 1; calls remember theirs
	generation int32    // the present one, from 1
	token      int32    // the generation whose access token is attached, 0 for none
	refusing   []string // URLs of this generation that stay unauthorized, and of all since the end
	stepUpAt   int64    // when this generation last asked for a stronger sign-in
	expiresAt  moment   // when the credentials are known to be stale
	earlyAt    moment   // from when on a call renews them ahead of that
	calendar   int64    // the time of day, in milliseconds since 1970

	exchange   exchange
	askedUntil int64 // until when refresh() waits for an answer, 0 where nobody asks
	failures   int32 // exchanges that failed and left the session as it was
	failedAt   int64 // when the last of them failed
	offline    int32 // network errors in a row

	endedAt   int64  // when the session ended, or when a probe last confirmed it
	postponed string // the login that waits until the page is visible

	pauses []pause
	wakeAt int64
}

// New returns a Session for config, its first generation begun: the cookies
// that the browser may hold already, or no token at all.
func New(config Config) *Session {
	s := &Session{config: config, number: 1, generation: 1, probe: none}
	switch {
	case config.NoExchange || config.Kind == grant.Token:
	case config.Kind == grant.App:
		s.means = awaited
	default:
		s.means = usable
	}
	return s
}

// Observe tells the Session where the page stands. It is told before each event
// that may lead to an exchange or to login.
func (s *Session) Observe(page PageState) { s.page = page }

// Calendar tells the Session the time of day, in milliseconds since 1970. It
// is told before each event that speaks of a lifetime or depends on one.
//
// The times of all events are those of a clock that nobody sets (milliseconds
// since any moment), so that no deadline moves when the time of day is set.
// That clock may stop while the machine sleeps, though, and a token does not:
// a lifetime ends when either clock says so.
func (s *Session) Calendar(now int64) { s.calendar = now }

// Generation is the number of the present generation, from 1.
func (s *Session) Generation() int32 { return s.generation }

// Refreshing says that an exchange is under way.
func (s *Session) Refreshing() bool { return s.exchange.active() }

// Ended says that the session has ended.
func (s *Session) Ended() bool { return s.life.over() }

// Held counts the calls that wait: before they are sent, or with a 401 in hand.
func (s *Session) Held() int32 {
	var held int32
	for i := range s.calls {
		if s.calls[i].phase >= waiting {
			held++
		}
	}
	return held
}

// moment is a time by both clocks; the zero value is no moment at all.
type moment struct{ at, calendar int64 }

// Expires tells the lifetime of the present credentials, in seconds: 0 if it is
// unknown, less if they have run out. It counts from when the answer was generated
// (RFC 6749 §5.1), which was at most age milliseconds ago.
func (s *Session) Expires(now, age, seconds int64) {
	s.expiresAt, s.earlyAt = moment{}, moment{}
	if seconds == 0 {
		return
	}
	life := seconds*1000 - age
	s.expiresAt = moment{now + life, s.calendar + life}
	early := min(s.config.Early, life/2) // a lifetime as short as that is not renewed all the time
	if early < 0 {
		early = min(longestEarly, life/10)
	}
	s.earlyAt = moment{s.expiresAt.at - early, s.expiresAt.calendar - early}
}

// past says that the moment has come by either clock.
func (s *Session) past(m moment, now int64) bool {
	return m != moment{} && (now >= m.at || s.calendar >= m.calendar)
}

// cookies says that the session is one of cookies, which may be renewed by
// anybody: another page, or a sign-in.
func (s *Session) cookies() bool {
	return !s.config.NoExchange && (s.config.Kind == grant.Cookie || s.config.Kind == grant.Attach)
}

// bearing says that calls are to carry an access token: they need one before
// they are sent, and challenges of other schemes than Bearer are foreign.
func (s *Session) bearing() bool {
	return !s.config.NoExchange && (s.config.Kind == grant.Token || s.config.Kind == grant.Attach)
}
