// Package tab is one page with all that decides in it: the session, its part in
// the protocol between pages, the scope of protected calls, what an answer
// means, where the page stands, and the way to login and back. It wires them together and decides little itself; it
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
	"github.com/fetch401/fetch401/wasm/tabs"
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
	tabs    *tabs.Page
	kind    grant.Kind
	subject int32 // whose the session is, see person; 0 if it is unknown
	saidOf  int32 // the renewal of which that was said
	scope   scope.List
	login   [protocol.Lines]string // the parts of the login URL
	framed  bool
	share   bool // pages give each other their tokens
	effects []session.Effect
	taken   []session.Effect

	promised bool   // the app has promised tokens
	newcomer bool   // the page has no tokens, and waits for those of others, if there are
	until    int64  // when it does so no longer, 0 where it does not
	heard    tokens // that came with the message being heard
	idle     bool   // there was nothing to send as a probe
	found    tabs.Found
	probed   bool  // found is yet to be told
	dueAt    int64 // when a Tick was asked for
}

// Clock is the time of an event, by both clocks, in milliseconds: Now since the
// page began to load, by a clock that nobody sets, Calendar since 1970.
type Clock struct{ Now, Calendar int64 }

// New returns a Tab on page, which decides nothing until it is configured.
func New(page Page) *Tab {
	return &Tab{page: page, session: session.New(session.Config{}), tabs: tabs.New(tabs.Config{Alone: true})}
}

// Configure takes the checked configuration: how the session is renewed (one
// of protocol.Kind…), bits, how long calls wait and how long before the end of a
// lifetime one renews (session.Config.Early), both in milliseconds, any random
// number, and lines of text, first those of the login URL (protocol.Line…), then
// the prefixes.
func (t *Tab) Configure(kind, bits int32, timeout, early int64, seed uint32, text string) {
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
		Early:       early,
	})
	t.share = bits&protocol.Share != 0 && t.kind != grant.Cookie
	t.newcomer = t.kind == grant.Token
	t.tabs = tabs.New(tabs.Config{Kind: t.kind, Share: t.share, Alone: bits&protocol.Alone != 0, Seed: seed})
}

// Started tells of a call to a URL without query and fragment. It answers with
// the generation whose access token the call takes along (0 for none),
// protocol.Waits, or protocol.Stray: a URL out of scope, which the gate should
// not have asked about. With protocol.Ahead added, a Tick is to be told once the
// call is on its way. The url is not kept.
func (t *Tab) Started(at Clock, id, flags int32, url string) int32 {
	if !t.scope.Match(url) {
		return protocol.Stray
	}
	t.session.Calendar(at.Calendar)
	token, send := t.session.Started(at.Now, id, flags, url)
	if !send {
		t.settle(at.Now)
		return protocol.Waits
	}
	if t.session.Asks() {
		return token | protocol.Ahead
	}
	return token
}

// Answered tells of an answer that is not a 401. It has no effects; where it
// says so, a Tick is to be told at once, which has. To a probe a server that fails
// says nothing of the credentials.
func (t *Tab) Answered(id, status int32) (tick bool) {
	found := tabs.Fresh
	if status >= 500 {
		found = tabs.Nothing
	}
	return t.probeFound(t.session.Answered(id), found)
}

// Failed tells of a call that ended without an answer, and says the same.
func (t *Tab) Failed(id int32) (tick bool) {
	return t.probeFound(t.session.Failed(id), tabs.Nothing)
}

// Unauthorized tells of a 401, or of what counts as one: the first line of text
// is what a login event tells of the call, its method and status, the rest its WWW-Authenticate.
func (t *Tab) Unauthorized(now int64, id, bits int32, text string) {
	t.observe(bits)
	method, field, _ := cut.At(text, '\n')
	if t.session.Unauthorized(now, id, bits&protocol.Redirected != 0, method, field) {
		t.tabs.Probed(now, tabs.Stale)
	}
	t.settle(now)
}

// Exchanged tells what an exchange brought: seconds are the lifetime of what it
// has renewed, or how long the server asks to wait; the lines of text are its
// error code, its token type and whose the session is (see person).
func (t *Tab) Exchanged(at Clock, number, status, bits, seconds int32, text string) {
	t.observe(bits)
	t.session.Calendar(at.Calendar)
	code, text, _ := cut.At(text, '\n')
	tokenType, subject, _ := cut.At(text, '\n')
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
	// A server that says 0 for what never ends must not be asked before each call.
	result := session.Result{Number: number, Status: status, ExpiresIn: int64(max(seconds, 0))}
	result.Class, result.Code = grant.Classify(t.kind, answer)
	result.Network = result.Code == grant.NetworkError
	result.Token = answer.AccessToken && t.kind != grant.Cookie
	told := tabs.Result{Number: number, Class: result.Class, Network: result.Network, RetryAfter: int64(seconds) * 1000}
	result.Void = !t.tabs.Exchanged(at.Now, told)
	if !result.Void && result.Class == grant.Renewed {
		result.Other = t.becomes(person(subject))
		t.saidOf = t.tabs.Number() // a refresh of this page that names nobody is the same person's
	}
	t.session.Exchanged(at.Now, result)
	t.settle(at.Now)
}

// Tell tells what else happened (protocol.Tick and so on). expiresIn is the
// lifetime of tokens in seconds, text the reason of a login, or whose the tokens
// are (see person).
func (t *Tab) Tell(at Clock, what, bits, expiresIn int32, text string) {
	t.observe(bits)
	t.session.Calendar(at.Calendar)
	t.tell(at, what, bits, expiresIn, text)
	t.settle(at.Now)
}

func (t *Tab) tell(at Clock, what, bits, expiresIn int32, text string) {
	s, now := t.session, at.Now
	same := bits&protocol.Same != 0
	switch what {
	case protocol.Tick:
		if now >= t.dueAt-earliness {
			t.dueAt = 0
		}
		if t.probed {
			t.probed = false
			t.tabs.Probed(now, t.found)
		}
		t.tabs.Tick(now)
		s.Tick(now)
	case protocol.Shown:
		if !t.page.Hidden() {
			t.tabs.Reachable()
		}
		s.Shown(bits&protocol.Restored != 0)
	case protocol.Reachable:
		t.tabs.Reachable()
	case protocol.Able:
		s.Able()
	case protocol.Refresh:
		t.tabs.Reachable() // the app knows why it asks
		s.Refresh(now)
	case protocol.Tokens:
		t.settled()
		t.tabs.SignedIn(now, at.Calendar)
		t.begins(same, person(text))
		s.Tokens(now, same, bits&protocol.AccessToken != 0, bits&protocol.RefreshToken != 0, int64(expiresIn))
	case protocol.Promised:
		t.settled()
		t.begins(same, 0)
		t.promised = true
		t.tabs.Dropped()
		s.Promised(now, same)
	case protocol.Broken:
		t.settled()
		s.Broken(now)
	case protocol.Cleared:
		t.settled()
		t.begins(same, 0)
		t.tabs.SignedOut(now, at.Calendar)
		s.Cleared(now, same)
	case protocol.LoginAsked:
		s.LoginAsked(text)
	case protocol.Leaving:
		if s.Leaving() {
			t.do(protocol.Navigate, 0, 0, t.wayBack()+"\n"+text)
		}
	case protocol.Opened:
		t.tabs.Opened(now, at.Calendar)
	case protocol.Hid:
		t.tabs.Hid(now)
		s.Hid()
	case protocol.LockFailed:
		t.tabs.LockFailed(now)
	}
}

// Stale says that the present credentials are known to have run out.
func (t *Tab) Stale(at Clock) bool {
	t.session.Calendar(at.Calendar)
	return t.session.Stale(at.Now)
}

// Take returns the effects since the last Take. The slice and its texts are
// valid until the next one.
func (t *Tab) Take() []session.Effect {
	t.effects, t.taken = t.taken[:0], t.effects
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

// observe tells the session where the page stands now.
func (t *Tab) observe(bits int32) {
	state := session.PageState{
		Looping:      bits&protocol.Looping != 0,
		Framed:       t.framed,
		Hidden:       t.page.Hidden(),
		Prerendering: t.page.Prerendering(),
	}
	if t.login[protocol.LineLoginOrigin] != "" {
		hash := t.login[protocol.LineLoginHash]
		state.OnLogin = t.page.Origin() == t.login[protocol.LineLoginOrigin] &&
			t.page.Path() == t.login[protocol.LineLoginPath] &&
			(hash == "" || t.page.Fragment() == hash)
	}
	t.session.Observe(state)
}

// wayBack is the address to come back to from the login page.
func (t *Tab) wayBack() string {
	at := login.Page{Origin: t.page.Origin(), Path: t.page.Path(), Query: t.page.Query(), Fragment: t.page.Fragment()}
	return login.ReturnTo(at, at.Origin == t.login[protocol.LineLoginOrigin])
}
