package login_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/login"
)

const origin = "https://app.example.com"

var returnVectors = []struct {
	source                string
	path, query, fragment string
	want                  string
}{
	{"CONTRACT §6: path + query + fragment", "/orders", "?page=2", "#top", "/orders?page=2#top"},
	{"the root", "/", "", "", "/"},
	{"nothing at all", "", "", "", "/"},
	{"escapes stay as they are", "/caf%C3%A9/a%2Fb", "?q=%26%3D+x", "#%23", "/caf%C3%A9/a%2Fb?q=%26%3D+x#%23"},

	{"RFC 6749 §4.1.2: authorization response", "/cb", "?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz", "", "/cb"},
	{"the same, not in first place", "/cb", "?state=xyz&code=SplxlOBeZQQYbYS6WxSbIA", "", "/cb"},
	{"OAuth 2.0 Multiple Response Types §2.1: response mode fragment", "/cb", "", "#state=xyz&code=Splx", "/cb"},
	{"RFC 6749 §4.2.2: implicit grant", "/cb", "", "#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=example", "/cb"},
	{"OpenID Connect Core §3.2.2.5", "/cb", "", "#id_token=eyJ0&state=x", "/cb"},
	{"CONTRACT §6: refresh_token", "/cb", "?refresh_token=x", "", "/cb"},
	{"the query goes too when the fragment carries one", "/cb", "?page=2", "#access_token=x", "/cb"},
	{"the fragment goes too when the query carries one", "/cb", "?code=x", "#top", "/cb"},
	{"a percent-encoded name", "/cb", "?%63od%65=x", "", "/cb"},
	{"a percent-encoded name, lower-case hexadecimal", "/cb", "?refresh%5ftoken=x", "", "/cb"},
	{"a name encoded twice, as after another login page", "/cb", "?%2563ode=x", "", "/cb"},
	{"a hash router", "/app", "", "#/route?code=x", "/app"},
	{"a hash router, further parameters", "/app", "", "#/route?a=b&id_token=x", "/app"},
	{"a hash router with the response as its route", "/app", "", "#/access_token=x", "/app"},
	{"a hash-bang router", "/app", "", "#!access_token=x", "/app"},
	{"two hashes", "/app", "", "#/route#code=x", "/app"},
	{"semicolons as separators (HTML 4.01 B.2.2)", "/cb", "?a=b;code=x", "", "/cb"},
	{"two question marks", "/cb", "??code=x", "", "/cb"},
	{"an encoded equals sign at the very end", "/cb", "?code%3D", "", "/cb"},
	{"an empty value", "/cb", "?code=", "", "/cb"},
	{"an address as parameter that carries one", "/login", "?next=%2Fcb%3Fcode%3Dx", "", "/login"},
	{"the same, encoded twice", "/login", "?next=%2Fl%3Fnext%3D%252Fcb%253Fcode%253Dx", "", "/login"},

	{"CONTRACT §6: in any case", "/cb", "?Code=DE", "", "/cb"},
	{"in any case, percent-encoded", "/cb", "?c%4FD%45=x", "", "/cb"},
	{"in any case, encoded twice", "/cb", "?%2543ODE=x", "", "/cb"},
	{"in any case, in the fragment", "/cb", "?page=2", "#Access_Token=x", "/cb"},
	{"CAS protocol: service ticket", "/cas", "?ticket=ST-1856339", "", "/cas"},
	{"a one-time password", "/x", "?OTP=123456", "", "/x"},
	{"RFC 7521 §4.1: assertion", "/x", "?assertion=PHNhbWxwOl", "", "/x"},
	{"a longer name, as RFC 7521 §4.2 has it", "/x", "?client_assertion=x", "", "/x?client_assertion=x"},
	{"SAML 2.0 Bindings §3.4: HTTP redirect", "/acs", "?SAMLResponse=fZFf&RelayState=1", "", "/acs"},
	{"SAML 2.0 Bindings §3.6: HTTP artifact", "/acs", "?SAMLart=AAQ", "", "/acs"},
	{"a token of any kind", "/x", "?resetToken=x", "", "/x"},
	{"the same, hyphens", "/x", "?a=b&x-csrf-token-2=x", "", "/x"},
	{"an array of them", "/x", "?tokens[]=x", "", "/x"},
	{"JSON web token", "/x", "?jwt=eyJ0", "", "/x"},
	{"the same, as a part", "/x", "", "#idJWT=eyJ0", "/x"},
	{"a secret", "/x", "?client_secret=x", "", "/x"},
	{"a password", "/x", "?user[password]=x", "", "/x"},
	{"the same, encoded brackets", "/x", "?user%5BPassword%5D=x", "", "/x"},
	{"an API key", "/x", "?apikey=x", "", "/x"},
	{"the same in camel case", "/x", "?mapsApiKey=x", "", "/x"},
	{"the same with an underscore", "/x", "?X_API_KEY=x", "", "/x"},
	{"a query as another's value", "/x", "?state=code=x", "", "/x"},
	{"a name with a slash in it", "/x", "?token/a=x", "", "/x"},
	{"the same, encoded", "/x", "?%74oken%2Fa=x", "", "/x"},
	{"an address as parameter that carries one in its fragment", "/l", "?next=%2Fcb%23User_Token%3Dx", "", "/l"},

	{"a longer name", "/x", "?postcode=1&barcode=2&code2=3", "#qrcode=4", "/x?postcode=1&barcode=2&code2=3#qrcode=4"},
	{"a name of which it is a part", "/x", "?x.code=1&x_code=2&code[]=3&-code=4", "", "/x?x.code=1&x_code=2&code[]=3&-code=4"},
	{"the word as a value", "/x", "?response_type=code&show=access_token", "", "/x?response_type=code&show=access_token"},
	{"the word as an anchor or a route", "/x", "", "#/code/access_token", "/x#/code/access_token"},
	{"a name without value carries nothing", "/x", "?code&b", "#code", "/x?code&b#code"},
	{"the word as a value, in capitals", "/x", "?q=TOKEN&r=Code", "", "/x?q=TOKEN&r=Code"},
	{"words of which the names are made, but none of the names", "/x", "?api=1&key=2&api-key=3&keyapi=4&pass=5&word=6&sam=7&tick=8", "", "/x?api=1&key=2&api-key=3&keyapi=4&pass=5&word=6&sam=7&tick=8"},
	{"a longer name of those that count as a whole", "/x", "?ticket_id=1&tickets=2&otp2=3&hotpink=4&assertions=5", "", "/x?ticket_id=1&tickets=2&otp2=3&hotpink=4&assertions=5"},
	{"a name broken by a separator", "/x", "?to&ken=1&pass;word=2&se?cret=3#j#wt=4", "", "/x?to&ken=1&pass;word=2&se?cret=3#j#wt=4"},
	{"the word before a name, in its route or value", "/x", "?a=password&b=1", "#/reset-password?id=3&secret", "/x?a=password&b=1#/reset-password?id=3&secret"},
	{"letters outside ASCII fold to nothing", "/x", "?to\u212Aen=1&a\u017F\u017Fertion=2", "", "/x?to\u212Aen=1&a\u017F\u017Fertion=2"},
	{"the word in the path", "/code=x/code", "", "", "/code=x/code"},
	{"no valid escapes", "/x", "?%6=1&%zz&%", "", "/x?%6=1&%zz&%"},

	{"URL Standard: two slashes are another host", "//evil.test", "", "", "/evil.test"},
	{"URL Standard: backslashes are slashes", `/\evil.test`, "?a", "", "/evil.test?a"},
	{"the same", `\\evil.test/x`, "", "", "/evil.test/x"},
	{"many", `///\/\//evil.test`, "", "", "/evil.test"},
	{"nothing but slashes", "//", "", "", "/"},
	{"URL Standard: tabs and newlines are removed", "/\t/evil.test\r\n", "?a\nb", "#c\x00d\x7f", "/evil.test?ab#cd"},
	{"a name split by a tab", "/cb", "?co\tde=x", "", "/cb"},
	{"slashes further on stay", "/a//b", "?u=//c", "", "/a//b?u=//c"},
	{"a path with a scheme stays a path", "javascript:alert(1)", "", "", "/javascript:alert(1)"},
	{"a blank before slashes", " //evil.test", "", "", "/ //evil.test"},
	{"members that are none of location's", "/", "/evil.test", "", "/evil.test"},
}

func TestReturnTo(t *testing.T) {
	for _, v := range returnVectors {
		p := login.Page{Origin: origin, Path: v.path, Query: v.query, Fragment: v.fragment}
		if got := login.ReturnTo(p, true); got != v.want {
			t.Errorf("%s: %q, want %q", v.source, got, v.want)
		}
		if got := login.ReturnTo(p, false); got != origin+v.want {
			t.Errorf("%s, login elsewhere: %q, want %q", v.source, got, origin+v.want)
		}
	}
}

// CONTRACT §6: "or when the whole exceeds 2,000 characters".
func TestReturnToLength(t *testing.T) {
	page := func(length int) login.Page {
		p := login.Page{Origin: origin, Path: "/p", Query: "?q", Fragment: "#"}
		p.Fragment += strings.Repeat("x", length-len("/p?q#"))
		return p
	}
	if got := login.ReturnTo(page(2000), true); len(got) != 2000 {
		t.Errorf("2,000 characters became %d", len(got))
	}
	if got := login.ReturnTo(page(2001), true); got != "/p" {
		t.Errorf("2,001 characters: %q", got)
	}
	if got := login.ReturnTo(page(2000-len(origin)), false); len(got) != 2000 {
		t.Errorf("2,000 characters with the origin became %d", len(got))
	}
	if got := login.ReturnTo(page(2001-len(origin)), false); got != origin+"/p" {
		t.Errorf("2,001 characters with the origin: %q", got)
	}
	long := login.Page{Path: "/" + strings.Repeat("x", 3000), Query: "?q"}
	if got := login.ReturnTo(long, true); got != long.Path {
		t.Errorf("a long path alone is kept, got %d characters", len(got))
	}
}

// An opaque origin (a sandboxed frame, file:) serialises as "null".
func TestReturnToWithoutOrigin(t *testing.T) {
	if got := login.ReturnTo(login.Page{Origin: "null", Path: "/x"}, false); got != "/x" {
		t.Errorf("got %q", got)
	}
}

// inBrowser reads an address as the URL Standard does where net/url differs:
// blanks around it, tabs and newlines go, and backslashes before query and
// fragment are slashes.
func inBrowser(address string) string {
	address = strings.TrimFunc(address, func(r rune) bool { return r <= ' ' })
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(address)
	end := strings.IndexAny(address, "?#")
	if end < 0 {
		end = len(address)
	}
	return strings.ReplaceAll(address[:end], `\`, "/") + address[end:]
}

// lenientEscapes makes what net/url refuses, and the URL Standard does not,
// readable for it, without a change to what matters for the origin.
func lenientEscapes(address string) string {
	return strings.NewReplacer("%", "%25", " ", "%20").Replace(address)
}

// credential is CONTRACT §6, read once more: the names that stay at home.
var credential = regexp.MustCompile(`^(code|ticket|otp|assertion)$|token|jwt|secret|password|saml|apikey|api_key`)

// lowered is the text with the capitals of ASCII made small.
func lowered(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, text)
}

func FuzzReturnTo(f *testing.F) {
	for _, v := range returnVectors {
		f.Add(v.path, v.query, v.fragment, true)
		f.Add(v.path, v.query, v.fragment, false)
	}
	f.Add("/x", "?a="+strings.Repeat("x", 2000), "", true)
	base, err := url.Parse(origin + "/deep/page?x#y")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path, query, fragment string, same bool) {
		// As location gives them: no "?" or "#" in a path, no "#" in a query.
		path = strings.NewReplacer("?", "%3F", "#", "%23").Replace(path)
		query = strings.ReplaceAll(query, "#", "%23")
		if query != "" {
			query = "?" + query
		}
		if fragment != "" {
			fragment = "#" + fragment
		}
		got := login.ReturnTo(login.Page{Origin: origin, Path: path, Query: query, Fragment: fragment}, same)

		for i := 0; i < len(got); i++ {
			if got[i] < ' ' || got[i] == 0x7F {
				t.Fatalf("control character in %q", got)
			}
		}
		relative := got
		if !same {
			var ok bool
			if relative, ok = strings.CutPrefix(got, origin); !ok {
				t.Fatalf("no origin in %q", got)
			}
		}
		if !strings.HasPrefix(relative, "/") || len(relative) > 1 && (relative[1] == '/' || relative[1] == '\\') {
			t.Fatalf("not rooted in one slash: %q", got)
		}
		u, err := base.Parse(lenientEscapes(inBrowser(got)))
		if err != nil {
			t.Fatalf("%q cannot be read: %v", got, err)
		}
		if u.Scheme != "https" || u.Host != "app.example.com" || u.User != nil {
			t.Fatalf("%q leads to %s", got, u.Host)
		}

		rest, gotFragment, hashed := strings.Cut(relative, "#")
		_, gotQuery, asked := strings.Cut(rest, "?")
		for _, list := range []string{gotQuery, gotFragment} {
			for _, pair := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune("?&;#", r) }) {
				name, _, valued := strings.Cut(pair, "=")
				if plain, err := url.PathUnescape(name); err == nil {
					name = plain
				}
				if valued && credential.MatchString(lowered(name)) {
					t.Fatalf("%q carries %s", got, name)
				}
			}
		}
		if (hashed || asked) && len(got) > 2000 {
			t.Fatalf("%d characters", len(got))
		}
		again := login.Page{Origin: origin, Path: rest}
		if asked {
			again.Path, again.Query = rest[:len(rest)-len(gotQuery)-1], "?"+gotQuery
		}
		if hashed {
			again.Fragment = "#" + gotFragment
		}
		if second := login.ReturnTo(again, same); second != got {
			t.Fatalf("not stable: %q, then %q", got, second)
		}
	})
}
