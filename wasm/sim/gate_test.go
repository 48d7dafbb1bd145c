package sim

import (
	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/tab"
)

// gate is what js/src/gate/gate.js and credentials.js know.
type gate struct {
	calls   []*call
	spare   []int32
	decides bool     // the program is there
	asked   []func() // what the app asked for before

	session    int // the number of the page's session
	hasSession bool
	promised   bool
	given      credentials // what the app gave last, until the program has heard of it
	present    int         // the newest access token, 0 for none
	refresh    int
	of         *family // whose tokens these are, as far as the page knows
	subject    int32   // whose the session is, as the app or an answer has said
	knows      int32   // the same as the program has it, from messages and names too
	telling    int32   // of whom it is being told
	tellingOf  int32   // by the name of which renewal, 0 where that is not by a name
	byNumber   map[int32]int
	fresh      map[int32]credentials // what exchanges and messages brought, by their number
	able       bool                  // the app has given its function
	turn       int                   // how often the app has given tokens, or promised them, or cleared
	refreshers int                   // who asked for a refresh
}

func (g *gate) init(w *world) {
	g.hasSession = !w.bearer()
	g.byNumber = map[int32]int{}
	g.fresh = map[int32]credentials{}
}

// withGo tells the program something, now or once it is there.
func (p *page) withGo(what func()) {
	if p.decides {
		what()
	} else {
		p.asked = append(p.asked, what)
	}
}

// ready lets the program hear what happened so far.
func (p *page) ready() {
	var before []*call
	for _, c := range p.calls {
		if c != nil {
			before = append(before, c)
		}
	}
	p.decides, p.decidesAt = true, p.w.now
	asked := p.asked
	p.asked = nil
	for _, what := range asked {
		what()
	}
	for _, c := range before {
		if c.closed {
			continue
		}
		if generation := p.started(c); generation >= 0 && !c.sent {
			p.send(c, p.byNumber[generation])
		}
	}
	for _, c := range before {
		if c.unauthorized && !c.closed {
			p.unauthorized(c)
		}
	}
}

// newSession begins another session, or gives the one that there is tokens.
func (p *page) newSession(what int32, tokens credentials, fulfilled bool, bits, expiresIn int32) {
	same := fulfilled && p.promised || !(p.hasSession || p.present != 0) || tokens.subject != 0 && tokens.subject == p.subject
	p.learns(tokens.subject, same)
	p.change(tokens, same)
	p.promised = what == protocol.Promised
	if !p.promised {
		p.abort()
	}
	at := p.clock().Now
	p.withGo(func() {
		ago := p.clock().Now - at
		p.note()
		p.takeFrom(tokens, same)
		p.cleared = what == protocol.Cleared
		p.w.retryAt = 0 // a failure from before keeps no new session from trying
		if what != protocol.Promised {
			p.told, p.toldAt = tokens.of, p.w.now
		}
		if same {
			bits |= protocol.Same
		}
		p.learns(tokens.subject, same)
		late := ago > 0 && tokens.of != p.w.jar.of && (p.session32 == 0 || p.w.shiftedAt > p.loadedAt)
		p.w.misled = p.w.misled || late || p.w.forgetful && p.w.shiftedAt != 0
		p.tellOf(tab.Clock{Now: at, Calendar: p.w.date() - ago}, what, bits, expiresIn, p.w.name(tokens))
	})
}

func (p *page) change(tokens credentials, same bool) {
	p.hasSession = true
	p.promised = false
	if !same {
		p.session++
	}
	p.of = tokens.of
	p.takeFrom(tokens, same)
}

// learns notes whose the session is, or the one that begins if it is not the same.
// Calls of a session of which that was not known are from then on that person's.
func (p *page) learns(person int32, same bool) {
	if same && person == 0 {
		return
	}
	for _, c := range p.calls {
		if same && c != nil && c.person == 0 && int(c.session) == p.session {
			c.person = person
		}
	}
	p.knows = person
}

// takeFrom is credentials.give.
func (p *page) takeFrom(tokens credentials, same bool) {
	if !same {
		clear(p.byNumber)
		p.subject = 0
	}
	if tokens.subject != 0 {
		p.subject = tokens.subject
	}
	p.given = tokens
	if p.w.carrying() {
		p.present = tokens.access
	}
	p.refresh = 0
}

// adopt is credentials.adopt: the program has made these the present ones.
func (p *page) adopt(generation int32, tokens credentials) {
	if tokens.refresh != 0 {
		p.refresh = tokens.refresh
	}
	if tokens.of != nil {
		p.of = tokens.of
	}
	if tokens.subject != 0 {
		p.subject = tokens.subject
	}
	p.present = 0
	if p.w.carrying() {
		p.present = tokens.access
	}
	p.inVain = false
	if p.present != 0 {
		p.byNumber[generation] = p.present
	}
}

// abort ends the exchange that is under way.
func (p *page) abort() {
	switch q := p.request; {
	case q == nil || !q.alive:
	case p.w.kind == protocol.KindApp:
		q.left = true // what the app does goes on
	default:
		p.w.abort(q)
	}
}

// What the app does.

// give is setTokens.
func (p *page) give(tokens credentials) {
	bits := present(tokens, p.w)
	p.turn++
	p.w.story.happens(p.w.now, "%s: tokens", p.name)
	p.newSession(protocol.Tokens, tokens, false, bits, p.w.lastsFor(tokens))
}

// promise is setTokens with a promise.
func (p *page) promise(in int64, tokens func() (credentials, bool)) {
	p.w.story.happens(p.w.now, "%s: promised", p.name)
	p.newSession(protocol.Promised, credentials{}, false, 0, 0)
	p.turn++
	turn, session := p.turn, p.session
	var settle func()
	settle = func() {
		p.when(func() {
			if turn != p.turn {
				return // only what was given last counts
			}
			if p.w.tooSoon() {
				p.w.after(1_000, settle)
				return
			}
			given, kept := tokens()
			for _, c := range p.calls {
				if c != nil && kept && int(c.session) == session && session == p.session { // they wait for it
					c.of, c.jar, c.person = given.of, given.of, given.subject
				}
			}
			if kept {
				p.w.story.happens(p.w.now, "%s: tokens%s", p.name, p.same())
				p.newSession(protocol.Tokens, given, true, present(given, p.w), p.w.lastsFor(given))
				return
			}
			p.promised = false
			p.withGo(func() {
				p.w.story.happens(p.w.now, "%s: broken", p.name)
				p.tell(protocol.Broken, 0, 0, "")
			})
		})
	}
	p.w.after(in, settle)
}

// same says that the promised tokens belong to the present session.
func (p *page) same() string {
	if p.promised {
		return " same"
	}
	return ""
}

// clearTokens signs out.
func (p *page) clearTokens() {
	p.turn++
	p.w.story.happens(p.w.now, "%s: cleared", p.name)
	p.newSession(protocol.Cleared, credentials{}, false, 0, 0)
}

// askRefresh is refresh().
func (p *page) askRefresh() {
	p.refreshers++
	p.withGo(func() {
		p.w.story.happens(p.w.now, "%s: refresh", p.name)
		p.tell(protocol.Refresh, 0, 0, "")
	})
}

// present says which tokens there are, as bits for the program.
func present(tokens credentials, w *world) int32 {
	bits := int32(0)
	if tokens.access != 0 && w.carrying() {
		bits |= protocol.AccessToken
	}
	if tokens.refresh != 0 && w.bearer() {
		bits |= protocol.RefreshToken
	}
	return bits
}

// lastsFor is the lifetime of an access token in seconds, 0 where it is not told.
func (w *world) lastsFor(tokens credentials) int32 {
	if !w.lasting || tokens.access == 0 || !w.carrying() {
		return 0
	}
	return int32(max(w.server.access[tokens.access].expires-w.serverTime(), 0) / 1000)
}
