package tab_test

import (
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/tab"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// TestLifetimes holds that each lifetime ends by the time of day of the moment
// at which it was told.
func TestLifetimes(t *testing.T) {
	told := map[string]func(*tab.Tab){
		"by an exchange": func(page *tab.Tab) {
			page.Exchanged(at(0, 1000), 1, 200, protocol.Parsed|protocol.HasToken, 60, "\nBearer")
		},
		"by another page": func(page *tab.Tab) {
			page.Exchanged(noon, 1, 503, 0, 0, "\n")
			page.Heard(at(0, 1000), -1, protocol.AccessToken, 60, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: 7, Newest: 7, Tokens: true})
		},
	}
	for how, tell := range told {
		for _, v := range []struct {
			calendar int64
			waits    bool
		}{{60_999, false}, {61_000, true}} {
			page := tab.New(&location{origin: origin, path: "/shop"})
			page.Configure(protocol.KindAttach, protocol.Share, 10_000, -1, 1, strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n"))
			page.Started(noon, 1, 0, call)
			page.Granted(noon.Now, false, 0, 0, 0)
			tell(page)
			if got := page.Started(at(0, v.calendar), 2, protocol.Stream, call); (got == protocol.Waits) != v.waits {
				t.Errorf("%s, at %d: %d", how, v.calendar, got)
			}
		}
	}
}

// TestLifetimeThatIsNotTold holds that an answer without a lifetime, or with
// none left, leaves it unknown: nobody asks before each call.
func TestLifetimeThatIsNotTold(t *testing.T) {
	for _, seconds := range []int32{0, -1} {
		page, _ := open(protocol.KindCookie, 0, "/login", "")
		page.Tell(noon, protocol.Refresh, 0, 0, "")
		page.Exchanged(noon, 1, 204, 0, seconds, "\n")
		if got := page.Started(at(5_000, 5_000), 1, protocol.Stream, call); got == protocol.Waits {
			t.Errorf("%d seconds: a stream waits", seconds)
		}
	}
}

// TestLifetimeOfWhatWasTold holds that a lifetime counts from when it was told.
func TestLifetimeOfWhatWasTold(t *testing.T) {
	for _, v := range []struct {
		age, seconds, waits int32 // waits: the first moment, in milliseconds, at which a stream does
	}{{-1, 1, 1000}, {0, 1, 1000}, {999, 2, 2000}, {1000, 2, 1000}, {^999, 2, 2000}, {^1000, 2, 1000}} {
		for _, now := range []int32{v.waits - 1, v.waits} {
			page := tab.New(&location{origin: origin, path: "/shop"})
			page.Configure(protocol.KindCookie, 0, 10_000, 0, 1, strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n"))
			page.Heard(noon, v.age, 0, v.seconds, tabs.Message{Version: 1, Kind: tabs.Renewed, Number: 1, Newest: 1})
			got := page.Started(at(int64(now), 0), 1, protocol.Stream, call) == protocol.Waits
			if got != (now == v.waits) {
				t.Errorf("%+v, after %d ms: waits %v", v, now, got)
			}
		}
	}
}

// TestLifetimeHandedOn holds that a page believes the longest lifetime of a renewal that
// it is told: each that hands it on takes it for up to a second shorter.
func TestLifetimeHandedOn(t *testing.T) {
	for _, v := range []struct {
		told  []int32
		waits int64 // the first moment, in milliseconds, at which a stream does
	}{{[]int32{60}, 60_000}, {[]int32{60, 59}, 60_000}, {[]int32{59, 60}, 60_000}, {[]int32{60, 0}, 60_000}, {[]int32{0, 59}, 59_000}} {
		for _, now := range []int64{v.waits - 1, v.waits} {
			page, _ := open(protocol.KindCookie, 0, "/login", "")
			for _, seconds := range v.told {
				page.Heard(noon, -1, 0, seconds, tabs.Message{Version: 1, Kind: tabs.Have, Number: 7, Newest: 7})
			}
			if got := page.Started(at(now, now), 1, protocol.Stream, call) == protocol.Waits; got != (now == v.waits) {
				t.Errorf("told %v, after %d ms: waits %v", v.told, now, got)
			}
		}
	}
}
