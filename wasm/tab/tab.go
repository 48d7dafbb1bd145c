// Package tab is one page with all that decides in it: the session, the scope
// of protected calls, what an answer means, where the page stands, and the way
// to login and back. It wires them together and decides little itself; it
// knows no JavaScript and no memory of a program, so that it runs natively, and
// many times in one process.
//
// Numbers and bits are those of package protocol. A Tab is told what happened,
// and leaves effects behind, to be taken with [Tab.Take]. It is not safe for
// concurrent use.
package tab

import (
	"github.com/fetch401/fetch401/wasm/cut"
	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/login"
	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/scope"
	"github.com/fetch401/fetch401/wasm/session"
)

// Page is where the page stands at the moment of the question.
type Page interface {
	// Origin, Path, Query and Fragment are the members origin, pathname,
	// search and hash of window.location.
	Origin() string
	Path() string
	Query() string
	Fragment() string
	// Hidden says that the page is not visible.
	Hidden() bool
	// Prerendering says that it is loaded ahead and not yet activated.
	Prerendering() bool
}

// Tab is one page. The zero value is not usable; call [New].
type Tab struct {
	page    Page
	session *session.Session
	kind    grant.Kind
	scope   scope.List
	login   [protocol.Lines]string // the parts of the login URL
	framed  bool
	effects []session.Effect // of the tab's own
	taken   []session.Effect
}

// Clock is the time of an event, by both clocks, in milliseconds: Now by one
// that nobody sets, Calendar since 1970.
type Clock struct{ Now, Calendar int64 }

// New returns a Tab on page, which decides nothing until it is configured.
func New(page Page) *Tab {
	return &Tab{page: page, session: session.New(session.Config{})}
}

// Configure takes the checked configuration: how the session is renewed (one
// of protocol.Kind…), bits, how long calls wait in milliseconds, and lines of
// text, first those of the login URL (protocol.Line…), then the prefixes.
func (t *Tab) Configure(kind, bits int32, timeout int64, text string) {
	for i := range t.login {
		t.login[i], text, _ = cut.At(text, '\n')
	}
	t.kind = grant.Kind(kind)
	t.scope = scope.New(text)
	t.framed = bits&protocol.Framed != 0
	t.session = session.New(session.Config{
		Kind:        t.kind,
		NoExchange:  bits&protocol.NoExchange != 0,
		LoginURL:    t.login[protocol.LineLoginOrigin] != "",
		CrossOrigin: bits&protocol.CrossOrigin != 0,
		Timeout:     timeout,
	})
}

// Started tells of a call to a URL without query and fragment. It answers with
// the generation whose access token the call takes along (0 for none),
// protocol.Waits, or protocol.Stray: a URL out of scope, which the gate should
// not have asked about. The url is not kept.
func (t *Tab) Started(at Clock, id, flags int32, url string) int32 {
	if !t.scope.Match(url) {
		return protocol.Stray
	}
	t.session.Calendar(at.Calendar)
	token, send := t.session.Started(at.Now, id, flags, url)
	if !send {
		return protocol.Waits
	}
	return token
}

// Answered tells of an answer that is not a 401. It has no effects.
func (t *Tab) Answered(id int32) { t.session.Answered(id) }

// Failed tells of a call that ended without an answer. It has no effects.
func (t *Tab) Failed(id int32) { t.session.Failed(id) }

// Unauthorized tells of a 401: the first line of text is the method of the
// call, the rest its WWW-Authenticate.
func (t *Tab) Unauthorized(now int64, id, bits int32, text string) {
	t.look(bits)
	method, field, _ := cut.At(text, '\n')
	t.session.Unauthorized(now, id, bits&protocol.Redirected != 0, method, field)
}

// Exchanged tells what an exchange brought, a lifetime in seconds among it;
// the lines of text are its error code and its token type.
func (t *Tab) Exchanged(at Clock, number, status, bits, expiresIn int32, text string) {
	t.look(bits)
	t.session.Calendar(at.Calendar)
	code, tokenType, _ := cut.At(text, '\n')
	answer := grant.Answer{
		Status:      int(status),
		Redirect:    bits&protocol.OpaqueRedirect != 0,
		Failed:      bits&protocol.AppFailed != 0,
		Final:       bits&protocol.AppFinal != 0,
		Parsed:      bits&protocol.Parsed != 0,
		AccessToken: bits&protocol.HasToken != 0,
		Error:       code,
		TokenType:   tokenType,
	}
	result := session.Result{Number: number, Status: status, ExpiresIn: int64(expiresIn)}
	result.Class, result.Code = grant.Classify(t.kind, answer)
	result.Network = result.Code == grant.NetworkError
	result.Token = answer.AccessToken && t.kind != grant.Cookie
	t.session.Exchanged(at.Now, result)
}

// Lasts tells the lifetime, in seconds, of what an exchange has renewed.
func (t *Tab) Lasts(at Clock, number, expiresIn int32) {
	t.session.Calendar(at.Calendar)
	t.session.Lasts(at.Now, number, int64(expiresIn))
}

// Tell tells what else happened (protocol.Tick and so on). expiresIn is the
// lifetime of tokens in seconds, text the reason of a login.
func (t *Tab) Tell(at Clock, what, bits, expiresIn int32, text string) {
	t.look(bits)
	s := t.session
	s.Calendar(at.Calendar)
	same := bits&protocol.Same != 0
	switch what {
	case protocol.Tick:
		s.Tick(at.Now)
	case protocol.Shown:
		s.Shown(at.Now, bits&protocol.Restored != 0)
	case protocol.Able:
		s.Able(at.Now)
	case protocol.Refresh:
		s.Refresh(at.Now)
	case protocol.Tokens:
		s.Tokens(at.Now, same, bits&protocol.AccessToken != 0, bits&protocol.RefreshToken != 0, int64(expiresIn))
	case protocol.Promised:
		s.Promised(at.Now, same)
	case protocol.Broken:
		s.Broken(at.Now)
	case protocol.Cleared:
		s.Cleared(at.Now, same)
	case protocol.LoginAsked:
		s.LoginAsked(text)
	case protocol.Leaving:
		if s.Leaving() {
			t.effects = append(t.effects, session.Effect{Kind: protocol.Navigate, Text: text + "\n" + t.wayBack()})
		}
	}
}

// Take returns the effects since the last Take. The slice and its texts are
// valid until the next one.
func (t *Tab) Take() []session.Effect {
	t.taken = append(append(t.taken[:0], t.session.Take()...), t.effects...)
	t.effects = t.effects[:0]
	return t.taken
}

// Fact answers with a fact about the session (protocol.FactGeneration and so
// on).
func (t *Tab) Fact(which int32) int32 {
	switch {
	case which == protocol.FactGeneration:
		return t.session.Generation()
	case which == protocol.FactHeld:
		return t.session.Held()
	case which == protocol.FactRefreshing && t.session.Refreshing(),
		which == protocol.FactEnded && t.session.Ended():
		return 1
	}
	return 0
}

// look tells the session where the page stands now.
func (t *Tab) look(bits int32) {
	place := session.Place{
		Looping:      bits&protocol.Looping != 0,
		Framed:       t.framed,
		Hidden:       t.page.Hidden(),
		Prerendering: t.page.Prerendering(),
	}
	if t.login[protocol.LineLoginOrigin] != "" {
		hash := t.login[protocol.LineLoginHash]
		place.OnLogin = t.page.Origin() == t.login[protocol.LineLoginOrigin] &&
			t.page.Path() == t.login[protocol.LineLoginPath] &&
			(hash == "" || t.page.Fragment() == hash)
	}
	t.session.See(place)
}

// wayBack is the address to come back to from the login page.
func (t *Tab) wayBack() string {
	at := login.Page{Origin: t.page.Origin(), Path: t.page.Path(), Query: t.page.Query(), Fragment: t.page.Fragment()}
	return login.ReturnTo(at, at.Origin == t.login[protocol.LineLoginOrigin])
}
