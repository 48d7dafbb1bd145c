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

// at is noon and so many milliseconds, by each clock.
func at(now, calendar int64) tab.Clock {
	return tab.Clock{Now: noon.Now + now, Calendar: noon.Calendar + calendar}
}

// only gives what those effects of the tab say that are of a kind.
func only(t *tab.Tab, kind protocol.Effect) []session.Effect {
	var found []session.Effect
	for _, e := range t.Take() {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

// TestBeforeItIsConfigured holds that a tab may be told anything before.
func TestBeforeItIsConfigured(t *testing.T) {
	page := tab.New(&location{origin: origin})
	page.Tell(noon, protocol.Tick, 0, 0, "")
	page.Tell(noon, protocol.Shown, 0, 0, "")
	page.Unauthorized(noon.Now, 1, 0, "GET\n")
	if got := page.Started(noon, 1, 0, call); got != protocol.Stray || page.Fact(protocol.FactHeld) != 0 || len(page.Take()) != 0 {
		t.Errorf("it has decided something: %d", got)
	}
}

// TestFactsAreEachForItself holds that a session that is being refreshed has
// not ended.
func TestFactsAreEachForItself(t *testing.T) {
	page, _ := open(protocol.KindCookie, 0, "/login", "")
	page.Tell(noon, protocol.Refresh, 0, 0, "")
	if page.Fact(protocol.FactRefreshing) != 1 || page.Fact(protocol.FactEnded) != 0 {
		t.Error("refreshing: facts")
	}
}

// TestShownIsNotRestored holds that an ended session does not live again only
// because somebody looks at the page.
func TestShownIsNotRestored(t *testing.T) {
	page, _ := open(protocol.KindCookie, protocol.NoExchange, "/login", "")
	refused(page, 1, 0, "")
	page.Tell(noon, protocol.Shown, 0, 0, "")
	if page.Fact(protocol.FactEnded) != 1 {
		t.Error("it lives")
	}
}

// TestWhichTokens holds what becomes of a call by the tokens that the app gave.
func TestWhichTokens(t *testing.T) {
	for _, v := range []struct {
		kind, bits int32
		want       string
	}{
		{protocol.KindToken, protocol.AccessToken, `login 0 1 "no_credentials\nPOST\nhttps://app.test/api/a"; deliver 1 0 "no_credentials"`},
		{protocol.KindToken, protocol.AccessToken | protocol.RefreshToken, `exchange 0 2 ""`},
		{protocol.KindToken, 0, `login 0 1 "no_credentials\nPOST\nhttps://app.test/api/a"; deliver 1 0 "no_credentials"`},
	} {
		page, _ := open(v.kind, 0, "/login", "")
		page.Tell(noon, protocol.Tokens, v.bits, 0, "")
		page.Take()
		refused(page, 1, 0, "")
		if got := effects(page); got != v.want {
			t.Errorf("tokens %d:\ngot  %s\nwant %s", v.bits, got, v.want)
		}
	}
	page, _ := open(protocol.KindToken, 0, "/login", "")
	page.Tell(noon, protocol.Tokens, protocol.RefreshToken, 0, "")
	if got := page.Started(noon, 1, 0, call); got != protocol.Waits {
		t.Errorf("with a refresh token alone: %d", got)
	}
}

// TestTokensOfOthers holds which of another page's tokens are used for what.
func TestTokensOfOthers(t *testing.T) {
	for _, v := range []struct {
		bits      int32
		told      bool // the message says that tokens go along
		token     int32
		renewable bool
	}{
		{0, true, 2, true}, // they did not arrive
		{protocol.AccessToken, true, 3, false},
		{protocol.RefreshToken, true, 2, true},
		{protocol.AccessToken | protocol.RefreshToken, true, 3, true},
	} {
		page := tab.New(&location{origin: origin, path: "/shop"})
		page.Configure(protocol.KindToken, protocol.Share, 10_000, -1, 1, strings.Join([]string{"", "", "", origin + "/api"}, "\n"))
		page.Tell(noon, protocol.Tokens, protocol.AccessToken|protocol.RefreshToken, 0, "")
		words := strings.Fields(only(page, protocol.Announce)[0].Text)
		var number, session int32
		fmt.Sscan(words[2], &number)
		fmt.Sscan(words[4], &session)
		page.Heard(noon, -1, v.bits, 0, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: number + 1, Newest: number + 1, Session: session, Tokens: v.told})
		page.Take()
		if got := page.Started(noon, 1, 0, call); got != v.token {
			t.Errorf("bits %d: sent with token %d", v.bits, got)
		}
		page.Unauthorized(noon.Now, 1, 0, "GET\n")
		if got := page.Fact(protocol.FactHeld) == 1; got != v.renewable {
			t.Errorf("bits %d: renewable %v", v.bits, got)
		}
	}
}

// TestAnnounced holds the numbers of messages as they leave: ten of them, with
// one digit and with two, and whether tokens go along.
func TestAnnounced(t *testing.T) {
	for _, v := range []struct {
		kind, bits, top int32
		want            string
	}{
		{protocol.KindCookie, 0, 0, "1 1 1 0 0 0 0 0 0"},
		{protocol.KindCookie, protocol.Share, 8, "1 1 9 0 0 0 0 0 0"},
		{protocol.KindAttach, 0, 9, "1 1 10 0 0 0 0 0 0"},
		{protocol.KindApp, 0, 1008, "1 1 1009 0 0 0 0 0 0"},
	} {
		page := tab.New(&location{origin: origin, path: "/shop"})
		page.Configure(v.kind, v.bits, 10_000, -1, 1, strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n"))
		page.Tell(noon, protocol.Able, 0, 0, "")
		page.Heard(noon, -1, 0, 0, tabs.Message{Version: 1, Kind: tabs.Failed, Number: v.top})
		page.Tell(noon, protocol.Refresh, 0, 0, "")
		page.Granted(noon.Now, false, 0, 0, 0)
		if got := only(page, protocol.Announce); len(got) != 1 || got[0].Text != v.want || got[0].Call != 1 || got[0].Number != 0 {
			t.Errorf("got %+v, want %s", got, v.want)
		}
		if v.kind != protocol.KindCookie {
			continue
		}
		// Cookies are no tokens, whatever the page shares.
		page.Exchanged(noon, v.top+1, 204, 0, 0, "\n")
		if got := only(page, protocol.Announce); len(got) != 1 || !strings.HasSuffix(got[0].Text, " 0") {
			t.Errorf("renewed: %+v", got)
		}
	}
}

// TestSeed holds that two pages that begin a session at the same time do not
// begin the same.
func TestSeed(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint32(5) {
		page := tab.New(&location{origin: origin, path: "/shop"})
		page.Configure(protocol.KindCookie, 0, 10_000, -1, seed*1000+1, strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n"))
		page.Tell(noon, protocol.Tokens, 0, 0, "")
		seen[only(page, protocol.Announce)[0].Text] = true
	}
	if len(seen) < 4 {
		t.Errorf("%v", seen)
	}
}

// TestUnreadable holds that three refreshes in a row without an answer are told
// as missing CORS headers, at another origin, and where the page has not given
// them up itself.
func TestUnreadable(t *testing.T) {
	try := func(bits int32, end func(page *tab.Tab, now int64, n int32)) int {
		page, _ := open(protocol.KindAttach, bits, "/login", "")
		for n := range int32(3) {
			now := int64(n) * 30_000
			page.Tell(at(now, now), protocol.Refresh, 0, 0, "")
			end(page, now, n+1)
		}
		return len(only(page, protocol.Complain))
	}
	fails := func(page *tab.Tab, now int64, n int32) { page.Exchanged(at(now, now), n, 0, 0, 0, "\n") }
	hangs := func(page *tab.Tab, now int64, n int32) {
		for _, end := range []int64{now + 19_000, now + 20_000} {
			page.Tell(at(end, end), protocol.Tick, 0, 0, "")
		}
		fails(page, now+20_000, n)
	}
	twice := func(page *tab.Tab, now int64, n int32) {
		if n < 3 {
			hangs(page, now, n)
		} else {
			fails(page, now, n)
		}
	}
	if got := try(protocol.CrossOrigin, twice); got != 0 {
		t.Errorf("two that were given up, and one that failed: %d", got)
	}
	if try(protocol.CrossOrigin, fails) != 1 || try(0, fails) != 0 || try(protocol.Framed, fails) != 0 || try(protocol.CrossOrigin, hangs) != 0 {
		t.Error(try(protocol.CrossOrigin, fails), try(0, fails), try(protocol.Framed, fails), try(protocol.CrossOrigin, hangs))
	}
}

// TestExchangedUnseen holds that the end of a session leads away from no page
// that nobody looks at.
func TestExchangedUnseen(t *testing.T) {
	page, location := open(protocol.KindCookie, 0, "/login", "")
	refused(page, 1, 0, "")
	effects(page)
	location.hidden = true
	page.Exchanged(noon, 1, 401, 0, 0, "\n")
	expect(t, effects(page), `failed 401 1 "http_error"; deliver 1 0 "session_ended"`)
}

// TestWakes holds when a tab asks for a Tick: once for each moment, and not for a
// moment that is no more.
func TestWakes(t *testing.T) {
	page := tab.New(&location{origin: origin, path: "/shop"})
	page.Configure(protocol.KindCookie, 0, 10_000, -1, 1, strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n"))
	wakes := func() string {
		var out []string
		for _, e := range only(page, protocol.Wake) {
			out = append(out, fmt.Sprint(e.Number))
			if e != (session.Effect{Kind: protocol.Wake, Number: e.Number}) {
				t.Errorf("a Wake with more than its time: %+v", e)
			}
		}
		return strings.Join(out, " ")
	}
	page.Started(noon, 1, 0, call)
	page.Started(noon, 2, 0, call)
	page.Unauthorized(noon.Now, 1, 0, "GET\n")
	expect(t, wakes(), "10000 30000") // for the call, and for the lock
	page.Unauthorized(noon.Now, 2, 0, "GET\n")
	expect(t, wakes(), "")
	page.Tell(at(9_000, 9_000), protocol.Tick, 0, 0, "")
	expect(t, wakes(), "1000") // the lock's is yet to come: twice as many with each would be thousands
	page.Tell(at(10_000, 10_000), protocol.Tick, 0, 0, "")
	expect(t, wakes(), "") // nobody waits any more
	page.Started(at(10_000, 10_000), 1, 0, call)
	page.Unauthorized(noon.Now+10_000, 1, 0, "GET\n")
	expect(t, wakes(), "10000 30000")
	page.Tell(at(11_000, 11_000), protocol.Cleared, 0, 0, "")
	expect(t, wakes(), "")
}

// TestTokensAmidAnExchange holds that a page waits no longer than half a second
// for the tokens of a session that has begun elsewhere amid its exchange, which is
// dropped: the refresh token was that page's own.
func TestTokensAmidAnExchange(t *testing.T) {
	page := tab.New(&location{origin: origin, path: "/shop"})
	page.Configure(protocol.KindToken, protocol.Share, 10_000, -1, 1, strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n"))
	page.Tell(noon, protocol.Tokens, protocol.AccessToken|protocol.RefreshToken, 0, "")
	page.Started(noon, 1, 0, call)
	page.Unauthorized(noon.Now, 1, 0, "GET\n")
	page.Granted(noon.Now, false, 0, 0, 0)
	page.Take()
	page.Heard(at(100, 100), -1, 0, 0, tabs.Message{Version: 1, Kind: tabs.Began, Number: 99, Newest: 98, Session: 99 << 10})
	got := ""
	for _, e := range page.Take() {
		switch e.Kind {
		case protocol.Abort:
			got += fmt.Sprintf("abort %d, ", e.Number)
		case protocol.Wake:
			got += fmt.Sprint("wake in ", e.Number)
		}
	}
	if got != "abort 2, wake in 500" {
		t.Error(got)
	}
	if got := page.Started(at(100, 100), 2, 0, call); got != protocol.Waits {
		t.Errorf("a call does not wait: %d", got)
	}
}

// TestAgeOfAMessage holds that a message counts from when it was told: an exchange that
// was sent after a sign-out goes on.
func TestAgeOfAMessage(t *testing.T) {
	for age, aborts := range map[int32]int{0: 1, 9: 1, 10: 1, 11: 0, 70_000: 0} {
		page := shared(protocol.KindAttach)
		exchange(t, page)
		page.Heard(at(10, 10), ^age, 0, 0, tabs.Message{Version: 1, Kind: tabs.SignedOut, Number: 9, Newest: 9, Session: 99 << 10})
		if got := len(only(page, protocol.Abort)); got != aborts {
			t.Errorf("told %d ms ago: aborted %d times", age, got)
		}
	}
}
