// Package tabs is the protocol between the pages of one origin that live on
// one session: when this page may exchange, what it tells the others, and
// what it makes of what they tell. What becomes of calls stays with package
// session; a page that is alone in the world is the simplest case of all this.
//
// A [Page] is a state machine without I/O. Its methods take what happened and
// the current time, in milliseconds since the page began to load, and leave
// effects behind, to be taken with [Page.Take]; [Page.Due] says when it wants to
// be told of the time. It sees no tokens, no calls and no names: messages are a
// few integers, and what must not be integers (tokens that pages share, whose
// session it is) goes beside them in JavaScript.
//
// Three ideas carry it. One page at a time exchanges: the holder of a Web
// Lock. Exchanges are numbered over all pages, each above every number that
// its page has seen, and above the time of day at which the page began, for what it
// could not see; so what is old is told apart from what is new. And a free
// lock proves nothing: the browser frees the lock of a page that dies, freezes
// or leaves, while the server may not yet have answered its exchange. So who
// gets the lock after somebody else held it looks first: for the names that
// the holder took before it let go (messages may come up to 150 ms later than
// the lock, the lock manager's names do not), then, with cookies, by a probe:
// one call that has been refused is sent again, and an answer other than 401
// shows that the session was renewed.
//
// These bounds keep their order: an exchange is aborted (20 s) before others
// forget that it is open (25 s), and that is before anybody gives up waiting
// for the lock (30 s).
//
// Rejected: to steal a lock, which lets two exchanges run with one refresh
// token; to spin on a lock or in localStorage, which is no mutual exclusion;
// to trust the order of messages and locks; to ignore an exchange whose number
// is low, since a page back from the back/forward cache counts from where it
// left; to take any answered call for a sign of renewed cookies, since an
// exchange ahead of time runs while the old ones are still good; and to send
// a refresh token again once a newer one is known to exist, which a server
// that detects reuse punishes with the end of the session.
package tabs

import (
	"math"

	"github.com/fetch401/fetch401/wasm/grant"
)

// Bounds of the protocol, in milliseconds.
const (
	exchangeLimit = 19_000  // an exchange is aborted, after a respite of askLimit
	openLimit     = 25_000  // an exchange whose end was never told is forgotten
	lockLimit     = 30_000  // waiting for the lock ends
	probeLimit    = 5_000   // a probe is not waited for any longer
	askLimit      = 1_000   // others have had the time to answer
	loadLimit     = 10_000  // the calls of a page are sent before its program comes
	lateness      = 200     // a message sent before the lock was freed has arrived
	firstRest     = 150     // between two probes, doubling
	longestRest   = 2_000   // where the doubling ends
	firstWait     = 1_000   // after an exchange that failed for now, at least
	longestWait   = 60_000  // and at most
	longestAsked  = 600_000 // the longest Retry-After that is heeded
	leaveLimit    = 2_000   // a page whose requests the browser has failed, since it is left, has heard of that
	maxFailures   = 6       // that make a difference: the wait is at its longest
	maxRespites   = 3       // of an exchange, where each ends late
)

// never is a time before all others.
const never int64 = math.MinInt64 / 2

// Config is what a Page has to know of the page's configuration.
type Config struct {
	// Kind is how the session is renewed. With grant.Cookie all pages have the
	// new credentials at once; with the others each has its own access token.
	Kind grant.Kind
	// Share says that pages give each other their tokens. Without locks they
	// do not: two could use one refresh token at the same time.
	Share bool
	// Alone says that there are no locks: the page exchanges when it wants to.
	Alone bool
	// Seed is any random number; it makes the pages of an origin differ.
	Seed uint32
}

// Page is one page's part in the protocol. It is not safe for concurrent use.
// The zero value is not usable; call [New], then tell it what is [Page.Noted]
// and that its channel is [Page.Opened].
type Page struct {
	config  Config
	effects []Effect

	phase   phase
	at      int64 // until when the phase lasts
	rests   uint8 // probes that were refused in a row
	wanted  bool  // the session waits for a renewal
	born    bool  // the channel has been open
	bornAt  int64 // since when
	hidden  bool  // the page is in the back/forward cache, frozen or about to go
	untold  bool  // a renewal that came while it was
	loading int64 // until when 401s come of calls that were sent before the newest renewal, and the program

	number  int32 // of the newest renewal that this page has
	newest  int32 // of the newest renewal that is known of
	top     int32 // the highest number seen
	over    int32 // of the newest exchange that is known to have failed
	own     int32 // this page's exchange, 0 for none
	ownAt   int64 // since when
	astray  bool  // it began before another session did, or after
	respite uint8 // how often its time has ended, maybe while nothing ran
	from    int32 // number when it began
	session int32 // which session of the origin this is
	out     bool  // it was left by a sign-out

	open   int32 // an exchange that is under way elsewhere, 0 for none
	openAt int64 // since when
	since  int64 // until when one of a session before was begun in vain
	doubt  bool  // there may be one, or a renewal, that was not told
	late   int64 // until when what was told before the lock was freed may come
	asked  int64 // since when others were asked in vain for newer tokens

	failures int32 // exchanges that failed in a row, over all pages
	until    int64 // nobody tries again before
}

// phase is how far the page is on its way to an exchange.
type phase uint8

const (
	idle       phase = iota
	waiting          // for the lock
	probing          // has the lock, and a probe is with the server
	resting          // has the lock, until the next probe
	asking           // has the lock, and has asked the other pages
	hearing          // has the lock, and an exchange has failed of which nothing was heard yet
	exchanging       // has the lock, and an exchange is with the server
	telling          // has the lock, and is to tell that its exchange has failed
)

// New returns a Page for config that has not seen anything yet.
func New(config Config) *Page {
	if config.Seed == 0 {
		config.Seed = 401 // where xorshift would stay for ever
	}
	p := &Page{config: config, since: never}
	if config.Alone {
		p.alone()
	}
	return p
}

// random is the next of a series of numbers (xorshift, Marsaglia 2003): enough
// to keep pages from doing the same at the same time.
func (p *Page) random() uint32 {
	x := p.config.Seed
	x ^= x << 13
	x ^= x >> 17
	x ^= x << 5
	p.config.Seed = x
	return x
}

// alone lets the page do without locks.
func (p *Page) alone() { p.config.Alone, p.config.Share = true, false }

// probes says that a call tells whether the session was renewed: all pages
// send the same cookies.
func (p *Page) probes() bool { return p.config.Kind == grant.Cookie }

// jar says that what renews the session is a cookie, one for all pages.
func (p *Page) jar() bool { return p.config.Kind == grant.Cookie || p.config.Kind == grant.Attach }

// joint says that another page's exchange, sign-in and end are this one's too.
func (p *Page) joint() bool { return p.config.Share || p.jar() }

// Behind says that others have newer tokens, which they share.
func (p *Page) Behind() bool { return p.config.Share && p.newest > p.number }

// spent says that this page's refresh token is known to have been used.
func (p *Page) spent() bool {
	return p.Behind() && p.config.Kind == grant.Token && p.number != 0
}

// Number is that of the newest renewal that this page has; 0 for none.
func (p *Page) Number() int32 { return p.number }
