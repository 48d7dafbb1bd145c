package grant_test

import (
	"testing"

	"github.com/fetch401/fetch401/wasm/grant"
)

var vectors = []struct {
	source string
	kind   grant.Kind
	answer grant.Answer
	class  grant.Class
	code   grant.Error
}{
	{"RFC 6749 §5.2: the refresh token is invalid, expired, revoked", grant.Token, grant.Answer{Status: 400, Error: "invalid_grant", Parsed: true}, grant.Final, grant.InvalidGrant},
	{"any 4xx", grant.Token, grant.Answer{Status: 401, Error: "invalid_grant", Parsed: true}, grant.Final, grant.InvalidGrant},
	{"any 4xx, one of the transient ones too", grant.Token, grant.Answer{Status: 429, Error: "invalid_grant", Parsed: true}, grant.Final, grant.InvalidGrant},
	{"no 4xx", grant.Token, grant.Answer{Status: 500, Error: "invalid_grant", Parsed: true}, grant.Transient, grant.InvalidGrant},
	{"RFC 6749 §5.2: codes compare exactly", grant.Token, grant.Answer{Status: 400, Error: "Invalid_Grant", Parsed: true}, grant.Fault, grant.HTTPError},
	{"RFC 6749 §5.2: client authentication failed", grant.Token, grant.Answer{Status: 401, Error: "invalid_client", Parsed: true}, grant.Fault, grant.InvalidClient},
	{"RFC 6749 §5.2", grant.Token, grant.Answer{Status: 400, Error: "invalid_request", Parsed: true}, grant.Fault, grant.InvalidRequest},
	{"RFC 6749 §5.2", grant.Token, grant.Answer{Status: 400, Error: "unauthorized_client", Parsed: true}, grant.Fault, grant.UnauthorizedClient},
	{"RFC 6749 §5.2", grant.Token, grant.Answer{Status: 400, Error: "unsupported_grant_type", Parsed: true}, grant.Fault, grant.UnsupportedGrantType},
	{"RFC 6749 §5.2", grant.Token, grant.Answer{Status: 400, Error: "invalid_scope", Parsed: true}, grant.Fault, grant.InvalidScope},
	{"a server's own text is not passed on", grant.Token, grant.Answer{Status: 400, Error: "eyJhbGciOi.secret", Parsed: true}, grant.Fault, grant.HTTPError},
	{"a bare 401 at a token endpoint is about the client", grant.Token, grant.Answer{Status: 401}, grant.Fault, grant.HTTPError},
	{"a wrong address", grant.Token, grant.Answer{Status: 404}, grant.Fault, grant.HTTPError},
	{"no redirect in bearer mode", grant.Token, grant.Answer{Redirect: true}, grant.Fault, grant.Redirected},
	{"offline", grant.Token, grant.Answer{}, grant.Transient, grant.NetworkError},
	{"RFC 6749 §5.1", grant.Token, grant.Answer{Status: 200, Parsed: true, AccessToken: true, TokenType: "Bearer"}, grant.Renewed, grant.None},
	{"RFC 6749 §5.1: token_type without case", grant.Token, grant.Answer{Status: 200, Parsed: true, AccessToken: true, TokenType: "bEaReR"}, grant.Renewed, grant.None},
	{"an absent token_type is taken as Bearer", grant.Token, grant.Answer{Status: 200, Parsed: true, AccessToken: true}, grant.Renewed, grant.None},
	{"RFC 9449 §5", grant.Token, grant.Answer{Status: 200, Parsed: true, AccessToken: true, TokenType: "DPoP"}, grant.Fault, grant.WrongTokenType},
	{"not quite Bearer", grant.Token, grant.Answer{Status: 200, Parsed: true, AccessToken: true, TokenType: "Bearer "}, grant.Fault, grant.WrongTokenType},
	{"not quite Bearer either", grant.Token, grant.Answer{Status: 200, Parsed: true, AccessToken: true, TokenType: "Bearex"}, grant.Fault, grant.WrongTokenType},
	{"a page instead of JSON", grant.Token, grant.Answer{Status: 200}, grant.Fault, grant.Unparsable},
	{"no token", grant.Token, grant.Answer{Status: 200, Parsed: true}, grant.Fault, grant.NoAccessToken},
	{"an error with 200: the code, and no end of the session", grant.Token, grant.Answer{Status: 200, Parsed: true, Error: "invalid_grant"}, grant.Fault, grant.InvalidGrant},
	{"an error of the server's own with 200", grant.Token, grant.Answer{Status: 200, Parsed: true, Error: "bad_refresh_token"}, grant.Fault, grant.NoAccessToken},

	{"session mode: refused", grant.Cookie, grant.Answer{Status: 401}, grant.Final, grant.HTTPError},
	{"session mode: refused", grant.Cookie, grant.Answer{Status: 403}, grant.Final, grant.HTTPError},
	{"session mode: a code of the server's own", grant.Cookie, grant.Answer{Status: 401, Parsed: true, Error: "session_gone"}, grant.Final, grant.HTTPError},
	{"session mode: another RFC 6749 §5.2 code", grant.Cookie, grant.Answer{Status: 401, Parsed: true, Error: "invalid_client"}, grant.Fault, grant.InvalidClient},
	{"session mode: a redirect to a login page", grant.Cookie, grant.Answer{Redirect: true}, grant.Final, grant.Redirected},
	{"the same with its status visible", grant.Cookie, grant.Answer{Status: 302}, grant.Final, grant.Redirected},
	{"session mode: any 2xx", grant.Cookie, grant.Answer{Status: 204}, grant.Renewed, grant.None},
	{"session mode: any 2xx, whatever it says", grant.Cookie, grant.Answer{Status: 200, Parsed: true, Error: "invalid_grant", TokenType: "DPoP"}, grant.Renewed, grant.None},
	{"session mode: a wrong address", grant.Cookie, grant.Answer{Status: 404}, grant.Fault, grant.HTTPError},
	{"attach: 2xx without a token", grant.Attach, grant.Answer{Status: 200, Parsed: true}, grant.Fault, grant.NoAccessToken},
	{"attach: 204", grant.Attach, grant.Answer{Status: 204}, grant.Fault, grant.Unparsable},
	{"attach: a token", grant.Attach, grant.Answer{Status: 200, Parsed: true, AccessToken: true}, grant.Renewed, grant.None},
	{"attach: another type", grant.Attach, grant.Answer{Status: 200, Parsed: true, AccessToken: true, TokenType: "mac"}, grant.Fault, grant.WrongTokenType},
	{"attach: refused", grant.Attach, grant.Answer{Status: 401}, grant.Final, grant.HTTPError},
	{"Fetch Standard: 300 is no redirect status", grant.Cookie, grant.Answer{Status: 300}, grant.Fault, grant.HTTPError},
	{"RFC 9110 §15.4.5: no redirect", grant.Cookie, grant.Answer{Status: 304}, grant.Fault, grant.HTTPError},

	{"app: resolved", grant.App, grant.Answer{}, grant.Renewed, grant.None},
	{"app: resolved, other facts do not count", grant.App, grant.Answer{Status: 401, Final: true, TokenType: "x"}, grant.Renewed, grant.None},
	{"app: error with final: true", grant.App, grant.Answer{Failed: true, Final: true}, grant.Final, grant.AppError},
	{"app: any other error", grant.App, grant.Answer{Failed: true}, grant.Transient, grant.AppError},
	{"app: a code alone ends nothing", grant.App, grant.Answer{Failed: true, Error: "invalid_grant"}, grant.Transient, grant.InvalidGrant},
	{"app: its own code is not passed on", grant.App, grant.Answer{Failed: true, Final: true, Error: "login_required"}, grant.Final, grant.AppError},
}

func TestClassify(t *testing.T) {
	for _, v := range vectors {
		if class, code := grant.Classify(v.kind, v.answer); class != v.class || code != v.code {
			t.Errorf("%s: Classify(%d, %+v) = %d, %q; want %d, %q", v.source, v.kind, v.answer, class, code, v.class, v.code)
		}
	}
}

func code52(text string) bool {
	switch text {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope":
		return true
	}
	return false
}

// sentences are the rows of CONTRACT §5, each phrase by itself, over http
// exchanges; the first that applies decides, and "all else" is a fault.
var sentences = []struct {
	quote   string
	class   grant.Class
	applies func(session bool, k grant.Kind, a grant.Answer) bool
}{
	{"in session mode a redirect", grant.Final, func(session bool, _ grant.Kind, a grant.Answer) bool {
		return session && a.Redirect
	}},
	{"a redirect in bearer mode", grant.Fault, func(session bool, _ grant.Kind, a grant.Answer) bool {
		return !session && a.Redirect
	}},
	{"error `invalid_grant` with any 4xx", grant.Final, func(_ bool, _ grant.Kind, a grant.Answer) bool {
		return a.Error == "invalid_grant" && a.Status/100 == 4
	}},
	{"in session mode 401 or 403 without another RFC 6749 §5.2 code", grant.Final, func(session bool, _ grant.Kind, a grant.Answer) bool {
		return session && (a.Status == 401 || a.Status == 403) && !code52(a.Error)
	}},
	{"network error", grant.Transient, func(_ bool, _ grant.Kind, a grant.Answer) bool { return a.Status == 0 }},
	{"408, 425, 429", grant.Transient, func(_ bool, _ grant.Kind, a grant.Answer) bool {
		return a.Status == 408 || a.Status == 425 || a.Status == 429
	}},
	{"5xx", grant.Transient, func(_ bool, _ grant.Kind, a grant.Answer) bool { return a.Status/100 == 5 }},
	{"2xx means renewed", grant.Renewed, func(_ bool, k grant.Kind, a grant.Answer) bool {
		return k == grant.Cookie && a.Status/100 == 2
	}},
	{"`token_type` not Bearer", grant.Fault, func(_ bool, k grant.Kind, a grant.Answer) bool {
		return a.Status/100 == 2 && a.TokenType == "DPoP"
	}},
	{"a 2xx that carries a usable access_token", grant.Renewed, func(_ bool, k grant.Kind, a grant.Answer) bool {
		return a.Status/100 == 2 && a.Parsed && a.AccessToken
	}},
	{"other §5.2 codes, other 4xx, a 2xx that should carry an `access_token` and has none usable, unparsable", grant.Fault, func(bool, grant.Kind, grant.Answer) bool {
		return true
	}},
}

// Every combination of facts, for all HTTP exchanges, against the sentences.
func TestClassifyFollowsTheContract(t *testing.T) {
	used := map[string]int{}
	bools := []bool{false, true}
	for _, kind := range []grant.Kind{grant.Cookie, grant.Attach, grant.Token} {
		for status := 0; status < 600; status++ {
			// Fetch shows these as an opaque redirect, whose status is 0.
			if status > 0 && status < 200 || status/100 == 3 {
				continue
			}
			for _, text := range []string{"", "invalid_grant", "invalid_client", "invalid_scope", "other"} {
				for _, tokenType := range []string{"", "Bearer", "DPoP"} {
					for _, parsed := range bools {
						for _, token := range bools {
							for _, redirect := range bools {
								a := grant.Answer{Status: status, Redirect: redirect && status == 0, Error: text, Parsed: parsed, AccessToken: parsed && token, TokenType: tokenType}
								for _, s := range sentences {
									if s.applies(kind != grant.Token, kind, a) {
										used[s.quote]++
										if class, _ := grant.Classify(kind, a); class != s.class {
											t.Fatalf("%s: Classify(%d, %+v) = %d, want %d", s.quote, kind, a, class, s.class)
										}
										break
									}
								}
							}
						}
					}
				}
			}
		}
	}
	for _, s := range sentences {
		if used[s.quote] == 0 {
			t.Errorf("no answer met the sentence %q", s.quote)
		}
	}
}

func FuzzClassify(f *testing.F) {
	for _, v := range vectors {
		a := v.answer
		f.Add(uint8(v.kind), a.Status, a.Error, a.TokenType, a.Redirect, a.Final, a.Failed, a.Parsed, a.AccessToken)
	}
	own := map[grant.Error]bool{
		"network_error": true, "http_error": true, "redirect": true, "unparsable": true,
		"no_access_token": true, "token_type": true, "app_error": true,
	}
	f.Fuzz(func(t *testing.T, kind uint8, status int, text, tokenType string, redirect, final, failed, parsed, token bool) {
		k := grant.Kind(kind % 4)
		a := grant.Answer{Status: status, Redirect: redirect, Error: text, Final: final, Failed: failed, Parsed: parsed, AccessToken: token, TokenType: tokenType}
		class, code := grant.Classify(k, a)
		if (class == grant.Renewed) != (code == grant.None) {
			t.Errorf("class %d with code %q: %+v", class, code, a)
		}
		if code != grant.None && !own[code] && !(code52(text) && string(code) == text) {
			t.Errorf("code %q is neither ours nor the answer's registered one: %+v", code, a)
		}
		if class == grant.Renewed && k != grant.App && (status < 200 || status > 299 || redirect) {
			t.Errorf("renewed by %+v", a)
		}
		if class == grant.Renewed && (k == grant.Token || k == grant.Attach) && (!parsed || !token) {
			t.Errorf("renewed without a token by %+v", a)
		}
		if class == grant.Final && k == grant.Token && (text != "invalid_grant" || status < 400 || status > 499) {
			t.Errorf("a token endpoint ended the session by %+v", a)
		}
		if class == grant.Final && k == grant.App && !(failed && final) {
			t.Errorf("the app ended the session by %+v", a)
		}
	})
}
