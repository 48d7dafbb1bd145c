package login

import "github.com/fetch401/fetch401/wasm/cut"

// The guard keeps a login page that answers with a redirect back from driving
// the person in circles: per tab, at most one redirect in 30 s and three in
// 10 min. All times are milliseconds since 1970.
const (
	shortWindow = 30_000
	longWindow  = 600_000
	maxInLong   = 3
)

// Allow tells whether a redirect may happen now, given the times of earlier
// ones. kept is what to store: without times of 10 min ago and older, without
// times in the future (the clock was set back), and with now if ok. times is
// left as it is.
func Allow(times []int64, now int64) (kept []int64, ok bool) {
	ok = true
	for _, t := range times {
		if t < 0 || t > now || now-t >= longWindow {
			continue
		}
		kept = append(kept, t)
		if now-t < shortWindow {
			ok = false
		}
	}
	if len(kept) >= maxInLong {
		ok = false
	}
	if ok {
		kept = append(kept, now)
	}
	return kept, ok
}

// ParseTimes reads "t1,t2,t3", as the gate writes it. Any page script can
// write sessionStorage, so text of another form counts as empty.
func ParseTimes(text string) []int64 {
	var times []int64
	for more := text != ""; more; {
		var word string
		word, text, more = cut.At(text, ',')
		// 15 digits reach the year 33658 and cannot overflow.
		if word == "" || len(word) > 15 {
			return nil
		}
		var t int64
		for i := 0; i < len(word); i++ {
			if word[i] < '0' || word[i] > '9' {
				return nil
			}
			t = t*10 + int64(word[i]-'0')
		}
		times = append(times, t)
	}
	return times
}
