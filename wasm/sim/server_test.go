package sim

import "github.com/fetch401/fetch401/wasm/protocol"

// server rotates refresh tokens, and ends the session of one that is used again
// (RFC 9700 §4.14.2).
type server struct {
	families []*family
	access   []accessToken // by their numbers; 0 is none
	tokens   int           // refresh tokens that were issued
	fault    fault
	wait     int64 // seconds that a 503 or 429 asks to wait
	refuses  int   // a URL that answers 401 to good credentials, from 1; 0 for none
}

// fault is what is wrong with the server.
type fault uint8

const (
	well     fault = iota
	down           // 503
	limiting       // 429 to exchanges
	slow           // seconds until it answers
	deaf           // connections are refused
	hanging        // what comes is never read
	losing         // what comes is done, and the answer is lost
	lying          // it says invalid_grant of a session that lives
	wrong          // it answers what nobody can use
)

var faults = [...]string{"well", "down", "limiting", "slow", "deaf", "hanging", "losing answers", "lying", "wrong"}

// family is a session of a person, by the refresh tokens that follow each other.
type family struct {
	credentials
	number    int
	person    int
	ended     bool
	refused   bool // the server has said of it that it had ended
	previous  int
	rotatedAt int64
}

// accessToken is one that was issued.
type accessToken struct {
	of      *family
	expires int64
	by      *page // whose exchange has brought it, nil for none
	proved  bool  // that page has had an answer to it that is no 401
}

// credentials are what a browser or a page has of a session. The zero value is
// none.
type credentials struct {
	of      *family
	refresh int
	access  int
	subject int32 // whose they are, as the program numbers it, 0 where that is not said
}

const (
	lifetime = 30_000 // of an access token
	grace    = 10_000 // in which the previous refresh token is taken again
)

func (s *server) issue(w *world, f *family, by *page) credentials {
	s.tokens++
	if len(s.access) == 0 {
		s.access = append(s.access, accessToken{})
	}
	s.access = append(s.access, accessToken{of: f, expires: w.serverTime() + lifetime, by: by})
	f.credentials = credentials{f, s.tokens, len(s.access) - 1, w.subject(f)}
	return f.credentials
}

// signIn begins a session of a person.
func (s *server) signIn(w *world, person int) *family {
	f := &family{number: len(s.families) + 1, person: person}
	s.families = append(s.families, f)
	s.issue(w, f, nil)
	return f
}

// expire lets the access tokens run out, but for those that are fresh from an
// exchange: they are good until its page has seen that they are, by all calls that
// are sent again with them.
func (s *server) expire(w *world) {
	for i := range s.access {
		if t := &s.access[i]; t.by == nil || t.proved && !t.by.retries() || !t.by.runs() || w.over {
			t.expires = min(t.expires, w.serverTime())
		}
	}
}

// good says that an access token is taken.
func (s *server) good(w *world, access int) bool {
	t := s.access[access]
	return access != 0 && !t.of.ended && w.serverTime() < t.expires
}

// reply is what an exchange is answered with.
type reply struct {
	status, bits, seconds int32
	text                  string
	brought               credentials
}

func (r reply) renews() bool { return r.brought.of != nil }

// rotate answers an exchange of a page, with refresh token sent of a session.
func (s *server) rotate(w *world, by *page, of *family, sent int) reply {
	refusal := reply{status: 401, bits: protocol.Parsed, text: "\n"}
	if w.bearer() {
		refusal.status, refusal.text = 400, "invalid_grant\n"
	}
	switch {
	case s.fault == down:
		return reply{status: 503, seconds: int32(s.wait), text: "\n"}
	case s.fault == limiting:
		return reply{status: 429, seconds: int32(1 + s.wait), text: "\n"}
	case of == nil:
		return refusal
	case s.fault == lying:
		of.refused = true
		return refusal
	case s.fault == wrong:
		return reply{status: 418, text: "\n"}
	case of.ended:
		of.refused = true
		return refusal
	case sent == of.refresh:
		of.previous, of.rotatedAt = of.refresh, w.serverTime()
		return s.renewal(w, s.issue(w, of, by))
	case w.grace && sent == of.previous && w.serverTime()-of.rotatedAt < grace:
		return s.renewal(w, of.credentials)
	}
	of.ended, of.refused = true, true
	w.story.note("refresh token %d was used before: the server ends session %d", sent, of.number)
	w.checkReuse(of, sent)
	return refusal
}

func (s *server) renewal(w *world, brought credentials) reply {
	r := reply{status: 200, text: "\n\n" + w.name(brought), brought: brought}
	if w.kind != protocol.KindCookie {
		r.bits = protocol.Parsed | protocol.HasToken
	}
	if w.lasting {
		r.seconds = int32(max(s.access[brought.access].expires-w.serverTime(), 0) / 1000)
	}
	if w.kind == protocol.KindApp {
		r.status = 0
	}
	return r
}

// serve answers a call with a status, and says whether it was done.
func (s *server) serve(w *world, c *call, access int) (status int32, done bool) {
	switch {
	case s.fault == down:
		return 503, true
	case !s.good(w, access):
		if t := s.access[access]; access != 0 {
			t.of.refused = t.of.refused || t.of.ended
			// Credentials that are refused as soon as they come are worth nothing.
			if t.by == c.p && !t.proved {
				w.lied, c.p.inVain = true, true
			}
		}
		return 401, false
	case s.refuses != 0 && c.url == s.refuses:
		w.lied = true
		c.p.inVain = c.p.inVain || access == c.p.brought
		return 401, false
	}
	if w.rarely(20) {
		return 403, true
	}
	return 200, true
}
