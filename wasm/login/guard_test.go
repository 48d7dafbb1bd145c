package login_test

import (
	"math/rand"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/login"
)

const (
	now    = int64(1_700_000_000_000)
	second = int64(1000)
	minute = 60 * second
)

// CONTRACT §6: "At most one redirect in 30 s and three in 10 min per tab".
func TestAllow(t *testing.T) {
	type times = []int64
	for _, v := range []struct {
		why   string
		times times
		kept  times
		ok    bool
	}{
		{"the first", nil, times{now}, true},
		{"a second one at once", times{now}, times{now}, false},
		{"a second one just before 30 s", times{now - 30*second + 1}, times{now - 30*second + 1}, false},
		{"a second one after 30 s", times{now - 30*second}, times{now - 30*second, now}, true},
		{"the third", times{now - 5*minute, now - minute}, times{now - 5*minute, now - minute, now}, true},
		{"the fourth", times{now - 9*minute, now - 5*minute, now - minute}, times{now - 9*minute, now - 5*minute, now - minute}, false},
		{"the fourth just before 10 min", times{now - 10*minute + 1, now - 5*minute, now - minute}, times{now - 10*minute + 1, now - 5*minute, now - minute}, false},
		{"the fourth after 10 min", times{now - 10*minute, now - 5*minute, now - minute}, times{now - 5*minute, now - minute, now}, true},
		{"the clock was set back", times{now + 1, now + 3600*second}, times{now}, true},
		{"order does not matter", times{now - minute, now - second, now - 5*minute}, times{now - minute, now - second, now - 5*minute}, false},
		{"no time at all", times{-1, -1 << 63}, times{now}, true},
	} {
		before := append(times(nil), v.times...)
		kept, ok := login.Allow(v.times, now)
		if ok != v.ok || !reflect.DeepEqual(kept, v.kept) {
			t.Errorf("%s: %v, %v; want %v, %v", v.why, kept, ok, v.kept, v.ok)
		}
		if !reflect.DeepEqual(before, append(times(nil), v.times...)) {
			t.Errorf("%s: the argument was changed", v.why)
		}
	}
}

// A login page that bounces back at random moments: no window is ever overfull.
func TestAllowOverTime(t *testing.T) {
	r := rand.New(rand.NewSource(401))
	text, at := "", now
	var allowed []int64
	for range 20_000 {
		at += int64(r.Intn(int(40 * second)))
		kept, ok := login.Allow(login.ParseTimes(text), at)
		text = format(kept)
		if ok {
			allowed = append(allowed, at)
		}
	}
	for i, first := range allowed {
		if i+1 < len(allowed) && allowed[i+1]-first < 30*second {
			t.Fatalf("two redirects within %d ms", allowed[i+1]-first)
		}
		if i+3 < len(allowed) && allowed[i+3]-first < 10*minute {
			t.Fatalf("four redirects within %d ms", allowed[i+3]-first)
		}
	}
	// Three in each 10 min of about 400,000 s.
	if len(allowed) < 1000 {
		t.Errorf("only %d redirects were allowed: too strict", len(allowed))
	}
}

func TestParseTimes(t *testing.T) {
	for text, want := range map[string][]int64{
		"":                        nil,
		"0":                       {0},
		"1700000000000":           {1700000000000},
		"1,2,3":                   {1, 2, 3},
		"999999999999999":         {999999999999999},
		"1000000000000000":        nil,
		"99999999999999999999999": nil,
		",":                       nil,
		"1,":                      nil,
		",1":                      nil,
		"1,,2":                    nil,
		"1, 2":                    nil,
		"-1":                      nil,
		"+1":                      nil,
		"1.5":                     nil,
		"1e3":                     nil,
		"1,x":                     nil,
		"null":                    nil,
		"[1]":                     nil,
		"١":                       nil,
	} {
		if got := login.ParseTimes(text); !reflect.DeepEqual(got, want) {
			t.Errorf("ParseTimes(%q) = %v, want %v", text, got, want)
		}
	}
}

// format writes times as the gate does.
func format(times []int64) string {
	var words []string
	for _, t := range times {
		words = append(words, strconv.FormatInt(t, 10))
	}
	return strings.Join(words, ",")
}

func FuzzTimes(f *testing.F) {
	f.Add("", now)
	f.Add("1700000000000,1699999999999", now)
	f.Add("1,x", int64(-1))
	f.Add("007", int64(7))
	f.Fuzz(func(t *testing.T, text string, now int64) {
		times := login.ParseTimes(text)
		if again := login.ParseTimes(format(times)); !reflect.DeepEqual(again, times) {
			t.Fatalf("%v became %v", times, again)
		}
		kept, ok := login.Allow(times, now)
		if len(kept) > len(times)+1 || ok && (len(kept) == 0 || len(kept) > 3 || kept[len(kept)-1] != now) {
			t.Fatalf("Allow(%v, %d) = %v, %v", times, now, kept, ok)
		}
		if _, twice := login.Allow(kept, now); twice && now >= 0 {
			t.Fatalf("allowed twice at %d after %v", now, times)
		}
	})
}
