package tab_test

import (
	"fmt"
	"hash/fnv"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/tab"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// numberOf is the number of a person, as other pages are told it.
func numberOf(text string) int32 {
	if len(text) < 2 {
		return 0
	}
	hash := fnv.New32a()
	hash.Write([]byte(text[1:]))
	mark := int32(0)
	if text[0] == '1' {
		mark = 1
	}
	return int32(hash.Sum32()>>3)<<1 + mark + 2
}

// announced is the last message that a page tells, its numbers by themselves.
func announced(page *tab.Tab) []string {
	told := only(page, protocol.Announce)
	if len(told) == 0 {
		return make([]string, 9)
	}
	return strings.Fields(told[len(told)-1].Text)
}

// subjectIn is the number of whose the sender's session is.
func subjectIn(page *tab.Tab) string { return announced(page)[7] }

func shared(kind int32) *tab.Tab {
	page := tab.New(&location{origin: origin, path: "/shop"})
	page.Configure(kind, 0, 10_000, -1, 1, strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n"))
	page.Tell(noon, protocol.Opened, 0, 0, "")
	return page
}

// exchange lets a page exchange, and says whether its answer has to name somebody.
func exchange(t *testing.T, page *tab.Tab) (number, known int32) {
	t.Helper()
	page.Tell(noon, protocol.Reachable, 0, 0, "")
	page.Tell(noon, protocol.Refresh, 0, 0, "")
	page.Granted(noon.Now, false, 0, 0, 0)
	begun := only(page, protocol.Exchange)
	if len(begun) != 1 {
		t.Fatalf("%d exchanges", len(begun))
	}
	return begun[0].Number, begun[0].Call
}

// TestPerson holds that a person is a number for other pages: of the name, and of
// what said it.
func TestPerson(t *testing.T) {
	for _, text := range []string{"", "1", "0", "1a", "0a", "1b", "1Alice", "0Alice", "1 ", "1" + strings.Repeat("x", 300)} {
		page := shared(protocol.KindCookie)
		page.Tell(noon, protocol.Tokens, 0, 0, text)
		expect(t, subjectIn(page), fmt.Sprint(numberOf(text)))
	}
}

// TestWhoseItIs holds when a page knows whose its session is: an exchange then has
// to be told by whose answer it is, and the name of a renewal tells it, too.
func TestWhoseItIs(t *testing.T) {
	alice := numberOf("1Alice")
	for name, v := range map[string]struct {
		tell func(*tab.Tab)
		want int32
	}{
		"nobody is named":         {func(page *tab.Tab) { page.Tell(noon, protocol.Tokens, 0, 0, "") }, 0},
		"the app names somebody":  {func(page *tab.Tab) {}, alice},
		"same, without a name":    {func(page *tab.Tab) { page.Tell(noon, protocol.Tokens, protocol.Same, 0, "") }, alice},
		"same, with another mark": {func(page *tab.Tab) { page.Tell(noon, protocol.Tokens, protocol.Same, 0, "0Alice") }, numberOf("0Alice")},
		"another, without a name": {func(page *tab.Tab) { page.Tell(noon, protocol.Tokens, 0, 0, "") }, 0},
		"another is promised": {func(page *tab.Tab) {
			page.Tell(noon, protocol.Promised, 0, 0, "")
			page.Tell(noon, protocol.Broken, 0, 0, "")
		}, 0},
		"the same is promised": {func(page *tab.Tab) {
			page.Tell(noon, protocol.Promised, protocol.Same, 0, "")
			page.Tell(noon, protocol.Broken, 0, 0, "")
		}, alice},
		"signed out, and in": {func(page *tab.Tab) {
			page.Tell(noon, protocol.Cleared, 0, 0, "")
			page.Tell(noon, protocol.Tokens, protocol.Same, 0, "")
		}, 0},
		"another page's session":  {func(page *tab.Tab) { heard(page, tabs.SignedIn, 99, 99<<10, numberOf("1Bob")) }, numberOf("1Bob")},
		"another page's, unnamed": {func(page *tab.Tab) { heard(page, tabs.SignedIn, 99, 99<<10, 0) }, 0},
		"another page has signed out, and this one in": {func(page *tab.Tab) {
			heard(page, tabs.SignedOut, 99, 99<<10, 0)
			page.Tell(noon, protocol.Tokens, protocol.Same, 0, "")
		}, 0},
		"renewed elsewhere":          {func(page *tab.Tab) { heard(page, tabs.Renewed, 99, 0, numberOf("1Bob")) }, numberOf("1Bob")},
		"renewed elsewhere, unnamed": {func(page *tab.Tab) { heard(page, tabs.Renewed, 99, 0, 0) }, alice},
	} {
		page := shared(protocol.KindCookie)
		if name != "nobody is named" {
			page.Tell(noon, protocol.Tokens, 0, 0, "1Alice")
		}
		v.tell(page)
		page.Take()
		number, known := exchange(t, page)
		if known != min(v.want, 1) {
			t.Errorf("%s: exchange: %d", name, known)
		}
		page.Exchanged(noon, number, 204, 0, 0, "\n")
		var marked int32 = -1
		for _, e := range page.Take() {
			if e.Kind == protocol.MarkRenewed {
				marked = e.Call
			}
		}
		if marked != v.want {
			t.Errorf("%s: marked with %d, not %d", name, marked, v.want)
		}
	}
}

// heard tells a page of a message that knows all numbers.
func heard(page *tab.Tab, kind tabs.Told, number, session, subject int32) {
	m := tabs.Message{Version: 1, Kind: kind, Number: number, Newest: number, Session: session, Subject: subject}
	if m.Session == 0 {
		m.Session = sessionOf(page)
	}
	page.Heard(noon, -1, 0, 0, m)
}

// sessionOf is the number of a page's session, as it tells it.
func sessionOf(page *tab.Tab) int32 {
	page.Take()
	page.Heard(noon, -1, 0, 0, tabs.Message{Version: 1, Kind: tabs.Ask})
	var n int32
	fmt.Sscan(announced(page)[4], &n)
	return n
}

// TestSomebodyElse holds which answers show another person: what two sources say
// is not compared, and what does not count says nothing.
func TestSomebodyElse(t *testing.T) {
	for _, v := range []struct {
		first, second string
		status        int32
		other         bool
	}{
		{"1Alice", "1Alice", 200, false},
		{"1Alice", "1Bob", 200, true},
		{"1Alice", "0Bob", 200, false},
		{"0Alice", "0Bob", 200, true},
		{"1Alice", "", 200, false},
		{"", "1Bob", 200, false},
		{"1Alice", "1Bob", 503, false},
	} {
		page := shared(protocol.KindCookie)
		page.Tell(noon, protocol.Tokens, 0, 0, v.first)
		number, _ := exchange(t, page)
		page.Exchanged(noon, number, v.status, 0, 0, "\n\n"+v.second)
		if other := len(only(page, protocol.SessionChanged)) > 0; other != v.other {
			t.Errorf("%+v: %v", v, other)
		}
		// What it has shown last is what the next is compared with.
		want := v.first
		if v.second != "" && v.status == 200 {
			want = v.second
		}
		page.Heard(noon, -1, 0, 0, tabs.Message{Version: 1, Kind: tabs.Ask})
		expect(t, subjectIn(page), fmt.Sprint(numberOf(want)))
	}
}

// TestLateAnswerOfSomebodyElse holds that an answer that does not count says
// nothing of whose the session is.
func TestLateAnswerOfSomebodyElse(t *testing.T) {
	page := shared(protocol.KindCookie)
	page.Tell(noon, protocol.Tokens, 0, 0, "1Alice")
	number, _ := exchange(t, page)
	page.Tell(noon, protocol.Hid, 0, 0, "")
	page.Tell(noon, protocol.Opened, 0, 0, "")
	heard(page, tabs.Renewed, number+5, 0, numberOf("1Alice"))
	page.Exchanged(noon, number, 200, 0, 0, "\n\n1Bob")
	page.Take()
	page.Heard(noon, -1, 0, 0, tabs.Message{Version: 1, Kind: tabs.Ask})
	expect(t, subjectIn(page), fmt.Sprint(numberOf("1Alice")))
}

// TestNameOfARenewal holds that its name tells whose the session is now, and
// nothing of what is found out later.
func TestNameOfARenewal(t *testing.T) {
	page := shared(protocol.KindCookie)
	page.Tell(noon, protocol.Tokens, 0, 0, "1Alice")
	page.Tell(noon, protocol.Refresh, 0, 0, "")
	page.Granted(noon.Now, true, 9, 0, numberOf("1Bob"))
	if len(only(page, protocol.SessionChanged)) != 1 {
		t.Error("a renewal that is Bob's does not begin another session")
	}

	page = shared(protocol.KindCookie)
	page.Tell(noon, protocol.Tokens, 0, 0, "1Alice")
	page.Started(noon, 1, 0, call)
	page.Unauthorized(noon.Now, 1, 0, "GET\n")
	page.Granted(noon.Now, true, 0, 0, numberOf("1Bob"))
	if page.Answered(1, 200) {
		page.Tell(noon, protocol.Tick, 0, 0, "")
	}
	changed, marked := 0, int32(0)
	for _, e := range page.Take() {
		switch e.Kind {
		case protocol.SessionChanged:
			changed++
		case protocol.MarkRenewed:
			marked = e.Call
		}
	}
	if changed != 0 || marked != 0 {
		t.Errorf("what a probe has found is taken for somebody's: %d, %d", changed, marked)
	}
	heard(page, tabs.Renewed, 2, 0, numberOf("1Bob"))
	if len(only(page, protocol.SessionChanged)) != 1 {
		t.Error("what a probe has found is told to be Bob's, and does not begin another session")
	}
}

// TestTokensThatAreNotShared holds that tokens beside a message are nobody's
// where pages do not share them, and that a lifetime is one of what it came with.
func TestTokensThatAreNotShared(t *testing.T) {
	page := shared(protocol.KindCookie)
	page.Heard(noon, -1, protocol.AccessToken, 0, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: 1, Newest: 1})
	if got := page.Started(noon, 1, 0, call); got != 0 {
		t.Errorf("a call goes with token %d", got)
	}

	page = shared(protocol.KindCookie)
	page.Heard(noon, 5_000, 0, 0, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: 1, Newest: 1})
	if got := page.Started(noon, 1, protocol.Stream, call); got == protocol.Waits {
		t.Error("a lifetime that is unknown has run out")
	}

	page = shared(protocol.KindAttach)
	number, _ := exchange(t, page)
	page.Exchanged(noon, number, 200, protocol.Parsed|protocol.HasToken, 60, "\nBearer")
	page.Heard(noon, -1, 0, 1, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: number, Newest: number})
	if got := page.Started(at(30_000, 30_000), 1, protocol.Stream, call); got == protocol.Waits {
		t.Error("a page's own token has the lifetime of another's")
	}
}

// TestNameOfAnOlderRenewal holds that the name of a renewal says nothing of whose the
// session is that has begun since.
func TestNameOfAnOlderRenewal(t *testing.T) {
	for renewed, want := range map[int32]int32{7: numberOf("1Bob"), 9: numberOf("1Alice")} {
		page := tab.New(&location{origin: origin, path: "/shop"})
		page.Configure(protocol.KindCookie, 0, 10_000, -1, 1, strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n"))
		// Renewed after its calls may have been sent: who is granted the lock adopts what there is.
		now := at(2_000, 2_000)
		page.Heard(now, 1_000, 0, 0, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: 8, Newest: 8})
		page.Tell(now, protocol.Opened, 0, 0, "")
		heard(page, tabs.SignedIn, 9, 99<<10, numberOf("1Bob"))
		page.Tell(now, protocol.Refresh, 0, 0, "")
		page.Take()
		page.Granted(now.Now, false, renewed, 0, numberOf("1Alice"))
		page.Take()
		page.Tell(now, protocol.Opened, 0, 0, "")
		page.Heard(now, -1, 0, 0, tabs.Message{Version: 1, Kind: tabs.Ask, Session: 99 << 10})
		expect(t, subjectIn(page), fmt.Sprint(want))
	}
}
