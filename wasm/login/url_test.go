package login_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/login"
)

func TestURL(t *testing.T) {
	for _, v := range []struct{ why, loginURL, returnTo, reason, want string }{
		{"RFC 3986 §3.4: a query is added", "/login", "/orders?page=2#top", "session_ended",
			"/login?return_to=%2Forders%3Fpage%3D2%23top&reason=session_ended"},
		{"an existing query is kept as it is", "https://id.example.com/login?tenant=a%20b&x", "/", "step_up",
			"https://id.example.com/login?tenant=a%20b&x&return_to=%2F&reason=step_up"},
		{"before the fragment", "/login?a=b#form", "/", "x", "/login?a=b&return_to=%2F&reason=x#form"},
		{"before the fragment of a hash router", "/#/login?a=b", "/", "x", "/?return_to=%2F&reason=x#/login?a=b"},
		{"a question mark alone", "/login?", "/", "x", "/login?return_to=%2F&reason=x"},
		{"empty pairs go", "/login?&a&&", "/", "x", "/login?a&return_to=%2F&reason=x"},
		{"a fragment sign alone", "/login#", "/", "x", "/login?return_to=%2F&reason=x#"},
		{"parameters of the same names are replaced", "/login?return_to=/old&a=b&reason=old&return_to=/older", "/new", "x",
			"/login?a=b&return_to=%2Fnew&reason=x"},
		{"also where the name is percent-encoded", "/login?return%5Fto=/old&a=b", "/new", "x",
			"/login?a=b&return_to=%2Fnew&reason=x"},
		{"a longer name is another", "/login?return_to2=a&reasons=b", "/", "x",
			"/login?return_to2=a&reasons=b&return_to=%2F&reason=x"},
		{"a question mark in the query", "/login?a=b?c", "/", "x", "/login?a=b?c&return_to=%2F&reason=x"},
		{"an empty reason is not added", "/login", "/", "", "/login?return_to=%2F"},
		{"an empty way back is not added", "/login", "", "x", "/login?reason=x"},
		{"RFC 3986 §2.3: all but the unreserved is encoded", "/l", "/AZaz09-._~!'()*+,;:@$&=?#[]% \xc3\xa9", "x",
			"/l?return_to=%2FAZaz09-._~%21%27%28%29%2A%2B%2C%3B%3A%40%24%26%3D%3F%23%5B%5D%25%20%C3%A9&reason=x"},
	} {
		if got := login.URL(v.loginURL, "return_to", "reason", v.returnTo, v.reason); got != v.want {
			t.Errorf("%s:\n  got %s\n want %s", v.why, got, v.want)
		}
	}
	if got := login.URL("/l?n e=1&back=2", "n e", "", "/x", "y"); got != "/l?back=2&n%20e=%2Fx" {
		t.Errorf("a parameter without name: %s", got)
	}
	// RFC 3986 §2.1: an escape has two hexadecimal digits; other text is no escape.
	if got := login.URL("/l?a%3z=1&%z1=2&%3", "a0", "\x01", "/", "x"); got != "/l?a%3z=1&%z1=2&%3&a0=%2F&%01=x" {
		t.Errorf("text that only looks like an escape: %s", got)
	}
}

func FuzzURL(f *testing.F) {
	f.Add("https://id.example.com/login?a=b#c", "return_to", "reason", "/x?y#z", "step_up")
	f.Add("/login?return%5Fto=1&&=&%", "return_to", "reason", "/&reason=x", "x")
	f.Add("?", "a&b", "=#", "\xff", "\x00")
	f.Fuzz(func(t *testing.T, loginURL, returnParam, reasonParam, returnTo, reason string) {
		if returnParam == reasonParam {
			return
		}
		got := login.URL(loginURL, returnParam, reasonParam, returnTo, reason)
		before, fragment, hashed := strings.Cut(loginURL, "#")
		path, query, _ := strings.Cut(before, "?")
		gotBefore, gotFragment, gotHashed := strings.Cut(got, "#")
		gotPath, gotQuery, _ := strings.Cut(gotBefore, "?")
		if gotPath != path || gotFragment != fragment || gotHashed != hashed {
			t.Fatalf("path or fragment of %q changed: %q", loginURL, got)
		}
		var want, have []string
		for _, pair := range strings.Split(query, "&") {
			name, _, _ := strings.Cut(pair, "=")
			if plain, err := url.PathUnescape(name); err == nil {
				name = plain
			} else if strings.Contains(name, "%") {
				return // half-valid escapes: net/url cannot tell the name
			}
			if pair != "" && name != returnParam && name != reasonParam {
				want = append(want, pair)
			}
		}
		pairs := strings.Split(gotQuery, "&")
		for _, add := range [][2]string{{returnParam, returnTo}, {reasonParam, reason}} {
			if add[0] != "" && add[1] != "" {
				want = append(want, "")
				last := pairs[len(pairs)-1]
				if add[0] == returnParam && reasonParam != "" && reason != "" {
					last = pairs[max(0, len(pairs)-2)]
				}
				name, value, _ := strings.Cut(last, "=")
				name, err := url.QueryUnescape(name)
				value, err2 := url.QueryUnescape(value)
				if err != nil || err2 != nil || name != add[0] || value != add[1] {
					t.Fatalf("%q does not carry %q=%q", got, add[0], add[1])
				}
			}
		}
		for _, pair := range pairs {
			if pair != "" {
				have = append(have, pair)
			}
		}
		if len(have) != len(want) {
			t.Fatalf("parameters %q, want %q and ours", have, want)
		}
		for i := range want {
			if want[i] != "" && have[i] != want[i] {
				t.Fatalf("parameter %q became %q", want[i], have[i])
			}
		}
	})
}
