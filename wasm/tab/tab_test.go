package tab_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/session"
	"github.com/fetch401/fetch401/wasm/tab"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// location is a page that stands where the test says.
type location struct {
	origin, path, query, fragment string
	hidden, prerendering          bool
}

func (p *location) Origin() string     { return p.origin }
func (p *location) Path() string       { return p.path }
func (p *location) Query() string      { return p.query }
func (p *location) Fragment() string   { return p.fragment }
func (p *location) Hidden() bool       { return p.hidden }
func (p *location) Prerendering() bool { return p.prerendering }

const (
	origin = "https://app.test"
	call   = origin + "/api/a"
)

// noon is when pages open, by both clocks: a time of day from which exchanges are
// numbered from 1.
var noon = tab.Clock{Now: 1000, Calendar: 3 << 29 * 1000}

// open gives a tab on a page that stands at /shop.
func open(kind, bits int32, loginPath, loginHash string) (*tab.Tab, *location) {
	p := &location{origin: origin, path: "/shop", query: "?x=1"}
	t := tab.New(p)
	login := origin
	if loginPath == "" {
		login = ""
	}
	t.Configure(kind, bits|protocol.Alone, 10_000, -1, 1, strings.Join([]string{login, loginPath, loginHash, origin + "/api"}, "\n"))
	return t, p
}

// effects writes down what a tab has decided, without wake-ups.
func effects(t *tab.Tab) string {
	names := map[protocol.Effect]string{protocol.Send: "send", protocol.Deliver: "deliver", protocol.Exchange: "exchange",
		protocol.Adopt: "adopt", protocol.RefreshFailed: "failed", protocol.Login: "login", protocol.Settle: "settle",
		protocol.Complain: "complain", protocol.Navigate: "navigate"}
	var out []string
	for _, e := range t.Take() {
		if e.Kind != protocol.Wake && e.Kind < protocol.Abort {
			out = append(out, fmt.Sprintf("%s %d %d %q", names[e.Kind], e.Call, e.Number, e.Text))
		}
	}
	return strings.Join(out, "; ")
}

func expect(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// refused starts a call and answers it with 401.
func refused(t *tab.Tab, id, bits int32, field string) {
	t.Started(noon, id, 0, call)
	t.Unauthorized(noon.Now, id, bits, "POST\n"+field)
}

func TestScope(t *testing.T) {
	page, _ := open(protocol.KindCookie, 0, "/login", "")
	for url, want := range map[string]int32{call: 0, origin + "/apis": protocol.Stray, "https://evil.test/api": protocol.Stray} {
		if got := page.Started(noon, 1, 0, url); got != want {
			t.Errorf("%s: %d, want %d", url, got, want)
		}
	}
}

// TestAnswers holds which facts of an answer make which end of an exchange.
func TestAnswers(t *testing.T) {
	for _, v := range []struct {
		kind, status, bits int32
		text, want         string
	}{
		{protocol.KindCookie, 204, 0, "\n", `adopt 1 2 ""; send 1 0 ""`},
		{protocol.KindCookie, 0, protocol.OpaqueRedirect, "\n", `failed 0 1 "redirect"; login 0 1 "session_ended\nPOST\nhttps://app.test/api/a"; deliver 1 0 "session_ended"`},
		{protocol.KindCookie, 503, 0, "\n", `failed 503 0 "http_error"; deliver 1 0 "refresh_failed"`},
		{protocol.KindCookie, 400, protocol.Parsed, "invalid_grant\n", `failed 400 1 "invalid_grant"; login 0 1 "session_ended\nPOST\nhttps://app.test/api/a"; deliver 1 0 "session_ended"`},
		{protocol.KindApp, 0, protocol.AppFailed, "\n", `failed 0 0 "app_error"; deliver 1 0 "refresh_failed"`},
		{protocol.KindApp, 0, protocol.AppFailed | protocol.AppFinal, "\n", `failed 0 1 "app_error"; login 0 1 "session_ended\nPOST\nhttps://app.test/api/a"; deliver 1 0 "session_ended"`},
		{protocol.KindApp, 0, protocol.HasToken, "\n", `adopt 1 2 ""; send 1 2 ""`},
		{protocol.KindApp, 0, 0, "\n", `adopt 1 2 ""; send 1 0 ""`},
		// Without data-attach a token in the answer is ignored.
		{protocol.KindCookie, 200, protocol.Parsed | protocol.HasToken, "\nBearer", `adopt 1 2 ""; send 1 0 ""`},
	} {
		page, _ := open(v.kind, 0, "/login", "")
		page.Tell(noon, protocol.Able, 0, 0, "")
		refused(page, 1, 0, "Bearer")
		effects(page)
		page.Exchanged(noon, 1, v.status, v.bits, 0, v.text)
		expect(t, effects(page), v.want)
	}
	const fault = `failed 200 0 %q; complain 0 200 "FETCH401_REFRESH_MISCONFIGURED"; send 1 0 ""`
	for _, v := range []struct {
		bits       int32
		text, want string
	}{
		{protocol.Parsed | protocol.HasToken, "\nDPoP", fmt.Sprintf(fault, "token_type")},
		{protocol.Parsed | protocol.HasToken, "\nBearer", `adopt 1 2 ""; send 1 2 ""`},
		{protocol.HasToken, "\n", fmt.Sprintf(fault, "unparsable")},
		{protocol.Parsed, "\n", fmt.Sprintf(fault, "no_access_token")},
		{0, "\n", fmt.Sprintf(fault, "unparsable")},
	} {
		page, _ := open(protocol.KindAttach, 0, "/login", "")
		page.Started(noon, 1, 0, call)
		effects(page)
		page.Exchanged(noon, 1, 200, v.bits, 0, v.text)
		expect(t, effects(page), v.want)
	}
}

// TestWhereThePageStands holds what of the page's place keeps it from leaving.
func TestWhereThePageStands(t *testing.T) {
	const login = `login 0 1 "session_ended\nPOST\nhttps://app.test/api/a"; deliver 1 0 "session_ended"`
	for _, v := range []struct {
		why        string
		path, hash string
		stand      func(*location)
		bits       int32
		framed     int32
		want       string
	}{
		{"anywhere", "/login", "", func(*location) {}, 0, 0, login},
		{"on the login page", "/login", "", func(p *location) { p.path = "/login" }, 0, 0, `deliver 1 0 "session_ended"`},
		{"on it, wherever there", "/login", "", func(p *location) { p.path, p.fragment = "/login", "#help" }, 0, 0, `deliver 1 0 "session_ended"`},
		{"of another origin", "/login", "", func(p *location) { p.path, p.origin = "/login", "https://other.test" }, 0, 0, login},
		{"on it, by its fragment", "/shop", "#/login", func(p *location) { p.fragment = "#/login" }, 0, 0, `deliver 1 0 "session_ended"`},
		{"on its path, with another fragment", "/shop", "#/login", func(p *location) { p.fragment = "#/cart" }, 0, 0, login},
		{"hidden", "/login", "", func(p *location) { p.hidden = true }, 0, 0, `deliver 1 0 "session_ended"`},
		{"prerendering", "/login", "", func(p *location) { p.prerendering = true }, 0, 0, `deliver 1 0 "session_ended"`},
		{"in circles", "/login", "", func(*location) {}, protocol.Looping, 0, `deliver 1 0 "login_loop"`},
		{"in a frame", "/login", "", func(*location) {}, 0, protocol.Framed, strings.Replace(login, "login 0 1", "login 0 0", 1)},
		{"without a login URL", "", "", func(*location) {}, 0, 0, strings.Replace(login, "login 0 1", "login 0 0", 1)},
	} {
		page, location := open(protocol.KindCookie, protocol.NoExchange|v.framed, v.path, v.hash)
		v.stand(location)
		refused(page, 1, v.bits, "")
		if got := effects(page); got != v.want {
			t.Errorf("%s:\ngot  %s\nwant %s", v.why, got, v.want)
		}
	}
}

func TestWayBack(t *testing.T) {
	page, location := open(protocol.KindCookie, 0, "/login", "")
	location.fragment = "#top"
	page.Tell(noon, protocol.Leaving, 0, 0, "why")
	expect(t, effects(page), `navigate 0 0 "/shop?x=1#top\nwhy"`)
	location.origin = "https://other.test"
	page.Tell(noon, protocol.Leaving, 0, 0, "why")
	expect(t, effects(page), `navigate 0 0 "https://other.test/shop?x=1#top\nwhy"`)
	location.origin, location.path = origin, "/login"
	page.Tell(noon, protocol.Leaving, 0, 0, "why")
	expect(t, effects(page), "")
}

// TestTold holds that each thing that is told reaches the session.
func TestTold(t *testing.T) {
	page, location := open(protocol.KindCookie, 0, "/login", "")
	page.Tell(noon, protocol.Refresh, 0, 0, "")
	expect(t, effects(page), `exchange 0 1 ""`)
	page.Tell(tab.Clock{Now: noon.Now + 10_000, Calendar: noon.Calendar}, protocol.Tick, 0, 0, "")
	expect(t, effects(page), `failed 0 0 "timeout"; settle 0 0 "kept"`)
	page.Tell(noon, protocol.Cleared, 0, 0, "")
	expect(t, effects(page), `adopt 0 2 ""`)
	if page.Fact(protocol.FactEnded) != 1 || page.Fact(protocol.FactGeneration) != 2 || page.Fact(protocol.FactRefreshing) != 0 {
		t.Error("signed out: facts")
	}
	page.Tell(noon, protocol.Promised, 0, 0, "")
	if got := page.Started(noon, 1, 0, call); got != protocol.Waits || page.Fact(protocol.FactHeld) != 1 {
		t.Errorf("a call does not wait for promised tokens: %d", got)
	}
	page.Tell(noon, protocol.Broken, 0, 0, "")
	expect(t, effects(page), `adopt 0 3 ""; send 1 0 ""`)
	page.Failed(1)
	page.Tell(noon, protocol.LoginAsked, 0, 0, "why")
	expect(t, effects(page), `login 0 1 "why"`)

	refused(page, 1, 0, "")
	effects(page)
	page.Exchanged(noon, 3, 401, 0, 0, "\n")
	expect(t, effects(page), `failed 401 1 "http_error"; login 0 1 "session_ended\nPOST\nhttps://app.test/api/a"; deliver 1 0 "session_ended"`)
	location.hidden = true
	page.Tell(noon, protocol.Shown, protocol.Restored, 0, "")
	if page.Fact(protocol.FactEnded) != 0 {
		t.Error("a page from the back/forward cache does not live again")
	}

	bearer, _ := open(protocol.KindToken, 0, "/login", "")
	bearer.Tell(noon, protocol.Tokens, protocol.AccessToken|protocol.RefreshToken|protocol.Same, 60, "")
	if got := bearer.Started(noon, 1, protocol.Stream, call); got != 2 {
		t.Errorf("generation %d", got)
	}
	effects(bearer)
	if got := bearer.Started(tab.Clock{Now: noon.Now, Calendar: noon.Calendar + 60_000}, 2, protocol.Stream, call); got != protocol.Waits {
		t.Errorf("a stream is sent with a token that has run out: %d", got)
	}
	expect(t, effects(bearer), `exchange 0 2 ""`)
}

// TestManyTabs holds that tabs share nothing.
func TestManyTabs(t *testing.T) {
	first, _ := open(protocol.KindCookie, 0, "/login", "")
	second, _ := open(protocol.KindCookie, 0, "/login", "")
	refused(first, 1, 0, "")
	if got := second.Take(); len(got) != 0 {
		t.Errorf("the other tab decides %v", got)
	}
	var none []session.Effect
	if fmt.Sprint(second.Take()) != fmt.Sprint(none) {
		t.Error("and keeps it")
	}
}

// TestRenewedWithoutLifetime holds that a server that says 0 or less of what it has
// just renewed is not asked before each call.
func TestRenewedWithoutLifetime(t *testing.T) {
	for _, kind := range []int32{protocol.KindCookie, protocol.KindAttach} {
		page, _ := open(kind, 0, "/login", "")
		page.Tell(noon, protocol.Refresh, 0, 0, "")
		page.Exchanged(noon, 1, 200, protocol.Parsed|protocol.HasToken, -1, "\n")
		effects(page)
		if token := page.Started(noon, 1, 0, call); token < 0 || token >= protocol.Ahead {
			t.Errorf("kind %d: %d", kind, token)
		}
	}
}

// TestLifetimeTold holds that only a message that speaks of this page's own
// credentials, and of a lifetime, tells it when they end.
func TestLifetimeTold(t *testing.T) {
	for _, v := range []struct {
		name  string
		kind  int32
		other tabs.Message // heard after the lifetime was told, and 10 s
		lasts int32
		ahead bool // a call 54 s after it renews
	}{
		{"nothing more", protocol.KindCookie, tabs.Message{Kind: tabs.Ask}, 0, true},
		{"the same of one that does not know it", protocol.KindCookie, tabs.Message{Kind: tabs.Have, Number: 7}, 0, true},
		{"the same, later", protocol.KindCookie, tabs.Message{Kind: tabs.Have, Number: 7}, 300, false},
		{"an older one", protocol.KindCookie, tabs.Message{Kind: tabs.Have, Number: 6}, 300, true},
		{"of an older session", protocol.KindCookie, tabs.Message{Kind: tabs.Have, Number: 7, Session: -1}, 300, true},
		{"another kind of message", protocol.KindCookie, tabs.Message{Kind: tabs.Ask, Number: 7}, 300, true},
		{"tokens of another page", protocol.KindAttach, tabs.Message{Kind: tabs.Have, Number: 7}, 300, false},
	} {
		page, _ := open(v.kind, 0, "/login", "")
		page.Heard(noon, -1, 0, 60, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: 7, Newest: 7, Session: 1})
		v.other.Version, v.other.Newest, v.other.Session = 1, 7, v.other.Session+1
		later := tab.Clock{Now: noon.Now + 10_000, Calendar: noon.Calendar + 10_000}
		page.Heard(later, -1, 0, v.lasts, v.other)
		end := tab.Clock{Now: noon.Now + 54_000, Calendar: noon.Calendar + 54_000}
		if got := page.Started(end, 1, 0, call) >= protocol.Ahead; got != v.ahead {
			t.Errorf("%s: ahead %v", v.name, got)
		}
	}
}

// TestLifetimeUnknown holds that a renewal that is known by its name alone has no
// lifetime, whatever was noted before, with one or without.
func TestLifetimeUnknown(t *testing.T) {
	for _, lasts := range []int32{0, 1, 60} {
		page := tab.New(&location{origin: origin, path: "/shop"})
		page.Configure(protocol.KindCookie, 0, 10_000, -1, 1, strings.Join([]string{"", "", "", origin + "/api"}, "\n"))
		page.Tell(noon, protocol.Opened, 0, 0, "")
		refused(page, 1, 0, "")
		page.Heard(noon, 2_000, 0, lasts, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: 7, Newest: 7})
		page.Unauthorized(noon.Now, 1, 0, "GET\n")
		page.Granted(noon.Now, true, 8, 0, 0)
		effects(page)
		end := tab.Clock{Now: noon.Now + 60_000, Calendar: noon.Calendar + 60_000}
		if got := page.Started(end, 2, 0, call); got != 0 {
			t.Errorf("noted with %d s: %d", lasts, got)
		}
	}
}

// TestStale asks whether the credentials have run out, by either clock.
func TestStale(t *testing.T) {
	for _, at := range []struct {
		expiresIn     int32
		now, calendar int64
		stale         bool
	}{
		{0, 600_000, 600_000, false},
		{60, 59_999, 59_999, false},
		{60, 60_000, 0, true},
		{60, 0, 60_000, true},
		{-1, 0, 0, true},
	} {
		page, _ := open(protocol.KindToken, 0, "/login", "")
		page.Tell(noon, protocol.Tokens, protocol.AccessToken|protocol.Same, at.expiresIn, "")
		if stale := page.Stale(tab.Clock{Now: noon.Now + at.now, Calendar: noon.Calendar + at.calendar}); stale != at.stale {
			t.Errorf("%+v: %v", at, stale)
		}
	}
}
