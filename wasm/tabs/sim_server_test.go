package tabs

import "github.com/fetch401/fetch401/wasm/grant"

// server rotates refresh tokens, and ends the session of one that is used
// again (RFC 9700 §4.14.2).
type server struct {
	families map[int]*family // by person
	expires  map[int]int64   // of access tokens
	tokens   int
	down     bool
	slow     bool
	deaf     bool // connections are refused
	hanging  bool // what comes is never read
	wait     int64
}

type family struct {
	credentials
	ended     bool
	previous  int
	rotatedAt int64
}

// credentials are what a browser or a page has of a family.
type credentials struct {
	person  int
	refresh int
	access  int
}

const lifetime = 30_000

func (s *server) issue(w *world, f *family) credentials {
	s.tokens += 2
	f.credentials = credentials{f.person, s.tokens, s.tokens + 1}
	s.expires[f.access] = w.now + lifetime
	return f.credentials
}

// signIn begins a family for the person of the world.
func (s *server) signIn(w *world) credentials {
	// Each sign-in is a family of its own, so persons are told apart by it.
	f := &family{credentials: credentials{person: len(s.families) + 1}}
	s.families[f.person] = f
	return s.issue(w, f)
}

// rotate answers an exchange.
func (s *server) rotate(w *world, sent credentials) (grant.Class, credentials) {
	f := s.families[sent.person]
	switch {
	case s.down:
		return grant.Transient, credentials{}
	case f == nil || f.ended:
		return grant.Final, credentials{}
	case sent.refresh == f.refresh:
		f.previous, f.rotatedAt = f.refresh, w.now
		return grant.Renewed, s.issue(w, f)
	case w.grace && sent.refresh == f.previous && w.now-f.rotatedAt < 10_000:
		return grant.Renewed, f.credentials
	}
	f.ended = true
	w.say("server: refresh token %d was used before: the session is ended", sent.refresh)
	if !w.lost {
		w.broken("survival", "the session of %d is ended by the use of a spent refresh token", f.person)
	}
	return grant.Final, credentials{}
}

// good says that an access token is taken.
func (s *server) good(w *world, c credentials) bool {
	f := s.families[c.person]
	return f != nil && !f.ended && c.access != 0 && w.now < s.expires[c.access]
}

// has is what page t sends with its calls.
func (w *world) has(t *tab) credentials {
	if w.kind == grant.Cookie {
		return w.jar
	}
	return t.tokens
}

// request is an exchange between a page and the server.
type request struct {
	tab    *tab
	number int32
	sent   credentials
	alive  bool // not aborted, and not answered
	left   bool // the page has stopped running since
	at     int64
}

func (w *world) latency() int64 {
	if w.server.slow {
		if w.kind != grant.Cookie {
			return w.between(50, 350) // a page that is gone is waited for 1 s
		}
		return w.between(500, 8_000)
	}
	return w.between(2, 60)
}

// exchange sends what tab t has, and checks that it may.
func (w *world) exchange(t *tab, number int32) {
	sent := w.jar
	if w.kind == grant.Token {
		sent = t.tokens
	}
	w.checkExchange(t, sent)
	q := &request{tab: t, number: number, sent: sent, alive: true, at: w.now}
	t.request = q
	w.inFlight, w.sent = append(w.inFlight, q), append(w.sent, q)
	w.say("%s: exchange %d is sent with refresh token %d", t.name, number, sent.refresh)
	switch {
	case w.server.deaf:
		w.after(w.between(1, 50), func() { w.answer(q, grant.Transient, credentials{}, true) })
	case w.server.hanging: // until the browser ends it, if the page does not
		w.after(24_000, func() { w.answer(q, grant.Transient, credentials{}, true) })
	default:
		w.after(w.latency(), func() { w.arrive(q) })
	}
}

// arrive lets the server read the exchange.
func (w *world) arrive(q *request) {
	if !q.alive && w.kind == grant.Token {
		return // the page is gone, and its request with it
	}
	class, brought := w.server.rotate(w, q.sent)
	q.tab.untold = class == grant.Renewed && w.kind == grant.Token
	w.after(w.latency(), func() { w.answer(q, class, brought, false) })
}

// answer lets the browser have the answer: the cookies, whatever became of the
// page (keepalive), and the page, where it still is.
func (w *world) answer(q *request, class grant.Class, brought credentials, network bool) {
	if !q.alive {
		return
	}
	if class == grant.Renewed && w.kind != grant.Token && brought.person == w.jar.person {
		w.jar = brought
	}
	w.drop(q)
	q.tab.settled(q, class, brought, network)
}

func (w *world) drop(q *request) {
	q.alive = false
	for i, one := range w.inFlight {
		if one == q {
			w.inFlight = append(w.inFlight[:i], w.inFlight[i+1:]...)
			return
		}
	}
}

func (w *world) checkExchange(t *tab, sent credentials) {
	if sent.refresh == 0 && w.kind == grant.Token {
		w.broken("means", "%s exchanges without a refresh token", t.name)
	}
	if w.now < w.retryAt {
		w.broken("backoff", "%s exchanges %d ms too early", t.name, w.retryAt-w.now)
	}
	for _, other := range w.pages {
		if w.strict && w.server.good(w, w.has(other)) {
			w.broken("one an expiry", "%s exchanges what is good, as %s has it", t.name, other.name)
		}
	}
	if w.alone {
		return
	}
	for _, q := range w.sent {
		w.lost = w.lost || q.sent == sent && w.unheard(t, q)
	}
	if w.lost {
		return
	}
	for _, q := range w.inFlight {
		if q.sent.refresh == sent.refresh && sent.refresh != 0 && (q.tab.runs() || w.kind != grant.Token) {
			w.broken("one at a time", "%s exchanges refresh token %d beside %s", t.name, sent.refresh, q.tab.name)
		}
		if q.tab.runs() && !q.left && q.tab != t {
			w.broken("one at a time", "%s exchanges beside %s", t.name, q.tab.name)
		}
	}
}

// unheard says that page t cannot know of the exchange, by the means that there
// are: the page that made it stopped running just now, and this one, asking for
// a lock that was free, did not even wait for it; or nothing was kept, and this
// one did not run when it was told.
func (w *world) unheard(t *tab, q *request) bool {
	return q.tab.stoppedAt != 0 && !t.lock.contended && w.now-q.tab.stoppedAt < 300 || w.forgetful && t.openedAt > q.at
}
