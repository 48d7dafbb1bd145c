package sim

import (
	"fmt"
	"math/rand/v2"

	"github.com/fetch401/fetch401/wasm/protocol"
)

// setting is what a schedule is played in.
type setting struct {
	kind      int32
	share     bool
	loginOnly bool
	pages     int
	alone     bool // no page has locks
	lockless  bool // asking for a lock throws
	blind     bool // locks.query() throws
	grace     bool // the server takes the previous refresh token for a while
	lossy     bool // messages are lost and doubled
	// localStorage is blocked: a page that is born or comes back does not know
	// what it has missed.
	forgetful bool
	lasting   bool  // lifetimes are told
	named     bool  // answers, and the app, say whose a session is
	early     int64 // how long before their end calls renew what they tell of
	outages   bool  // the server is down at times, and nothing else is wrong
}

// bearer says that pages have refresh tokens.
func (s setting) bearer() bool { return s.kind == protocol.KindToken }

// bearing says that calls need an access token before they are sent.
func (s setting) bearing() bool { return s.bearer() || s.kind == protocol.KindAttach }

// carrying says that access tokens are attached to calls.
func (s setting) carrying() bool { return s.kind != protocol.KindCookie }

// byApp says that the app of each page has a session of its own.
func (s setting) byApp() bool { return s.kind == protocol.KindApp && !s.share }

// apart says that each page has tokens of its own.
func (s setting) apart() bool { return s.carrying() && !s.joint() }

// joint says that the pages have one session between them.
func (s setting) joint() bool {
	return s.share || s.kind == protocol.KindCookie || s.kind == protocol.KindAttach
}

// modes tells how the session is renewed, in the words of the stories.
func (s setting) modes() string {
	mode := map[int32]string{protocol.KindCookie: "cookie", protocol.KindAttach: "attach",
		protocol.KindToken: "bearer", protocol.KindApp: "app"}[s.kind]
	for word, is := range map[string]bool{" share": s.share, " alone": s.alone} {
		if is {
			mode += word
		}
	}
	return mode
}

// conditions tells what else the schedule is played in.
func (s setting) conditions() string {
	text := fmt.Sprintf("%s, %d pages", s.modes(), s.pages)
	for _, c := range []struct {
		is   bool
		word string
	}{{s.loginOnly, "login alone"}, {s.lockless, "locks throw"}, {s.blind, "query throws"}, {s.grace, "grace window"},
		{s.lossy, "messages get lost"}, {s.forgetful, "nothing is noted"}, {s.lasting, "lifetimes are told"}, {s.named, "persons are named"}, {s.outages, "outages"}} {
		if c.is {
			text += ", " + c.word
		}
	}
	return text
}

var modes = [...]setting{{kind: protocol.KindCookie}, {kind: protocol.KindCookie}, {kind: protocol.KindCookie},
	{kind: protocol.KindAttach}, {kind: protocol.KindAttach, share: true},
	{kind: protocol.KindToken}, {kind: protocol.KindToken, share: true}, {kind: protocol.KindToken, share: true},
	{kind: protocol.KindApp}, {kind: protocol.KindApp, share: true}}

// drawSetting makes up a setting.
func drawSetting(r *rand.Rand) (s setting, calm bool) {
	once := func(n int) bool { return r.IntN(n) == 0 }
	s = modes[r.IntN(len(modes))]
	if once(40) {
		s = setting{loginOnly: true}
	}
	s.pages = 1 + r.IntN(5)
	s.grace, s.lasting, s.named, s.early = once(3), once(2), once(2), []int64{-1, -1, 0, 2_000}[r.IntN(4)]
	switch n := r.IntN(60); {
	case n < 12:
		return s, true
	case n < 20:
		s.outages = true
		return s, false
	case n < 23: // as one page did by itself
		s.alone, s.grace, s.share = true, true, false
	case n < 25:
		s.lockless = true
	case n < 28:
		s.blind = true
	}
	s.lossy = once(4)
	s.forgetful = !s.lossy && once(6)
	return s, false
}
