package challenge_test

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/challenge"
)

type (
	list   = []challenge.Challenge
	params = []challenge.Param
)

var parseVectors = []struct {
	source string // where the case comes from
	field  string
	want   list
}{
	{"RFC 9110 §11.6.1, the section's example",
		`Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\""`,
		list{
			{Scheme: "basic", Params: params{{"realm", "simple"}}},
			{Scheme: "newauth", Params: params{{"realm", "apps"}, {"type", "1"}, {"title", `Login to "apps"`}}},
		}},
	{"RFC 6750 §3, no authentication was sent",
		`Bearer realm="example"`,
		list{{Scheme: "bearer", Params: params{{"realm", "example"}}}}},
	{"RFC 6750 §3, the token expired (folded line joined)",
		`Bearer realm="example",                        error="invalid_token",                        error_description="The access token expired"`,
		list{{Scheme: "bearer", Params: params{{"realm", "example"}, {"error", "invalid_token"}, {"error_description", "The access token expired"}}}}},
	{"RFC 9470 §3, step-up by acr_values",
		`Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR"`,
		list{{Scheme: "bearer", Params: params{{"error", "insufficient_user_authentication"}, {"error_description", "A different authentication level is required"}, {"acr_values", "myACR"}}}}},
	{"RFC 9449 §7.1, two schemes in one field",
		`Bearer error="invalid_token", DPoP algs="ES256 PS256"`,
		list{
			{Scheme: "bearer", Params: params{{"error", "invalid_token"}}},
			{Scheme: "dpop", Params: params{{"algs", "ES256 PS256"}}},
		}},
	{"RFC 7616 §3.9.1, quoted commas",
		`Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"`,
		list{{Scheme: "digest", Params: params{{"realm", "http-auth@example.org"}, {"qop", "auth, auth-int"}, {"algorithm", "SHA-256"}, {"nonce", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"}}}}},
	{"RFC 4559 §4.1, bare schemes as IIS sends them",
		`Negotiate, NTLM`,
		list{{Scheme: "negotiate"}, {Scheme: "ntlm"}}},
	{"RFC 4559 §4.2, token68",
		`Negotiate a87421000492aa874209af8bc028==`,
		list{{Scheme: "negotiate", Token68: "a87421000492aa874209af8bc028=="}}},
	{"RFC 9110 §11.2, each character of token68, then another challenge",
		`X AZaz09-._~+/=, Scheme realm="foobar"`,
		list{{Scheme: "x", Token68: "AZaz09-._~+/="}, {Scheme: "scheme", Params: params{{"realm", "foobar"}}}}},
	{"RFC 9110 §11.2, a token68 may end in one sign that looks like an assignment",
		`Bearer error=`,
		list{{Scheme: "bearer", Token68: "error="}}},
	{"RFC 9110 §5.6.2, each special character of a token",
		"!#$%&'*+-.^_`|~ !#$%&'*+-.^_`|~=!#$%&'*+-.^_`|~",
		list{{Scheme: "!#$%&'*+-.^_`|~", Params: params{{"!#$%&'*+-.^_`|~", "!#$%&'*+-.^_`|~"}}}}},
	{"RFC 9110 §5.6.1.2, empty list elements",
		`, ,Scheme realm="foo", bar="xyz",, a=b,,,c=d,`,
		list{{Scheme: "scheme", Params: params{{"realm", "foo"}, {"bar", "xyz"}, {"a", "b"}, {"c", "d"}}}}},
	{"RFC 9110 §5.6.3, bad whitespace around the equals sign, tabs",
		"Bearer \t realm =\t \"something\"   ,error=\"bad_token\" ,  error_description = \" spaced \"\t",
		list{{Scheme: "bearer", Params: params{{"realm", "something"}, {"error", "bad_token"}, {"error_description", " spaced "}}}}},
	{"RFC 9110 §11.1 and §11.2, names of schemes and parameters without case, values with",
		`BEARER ERROR="Token", Scope=Read`,
		list{{Scheme: "bearer", Params: params{{"error", "Token"}, {"scope", "Read"}}}}},
	{"RFC 9110 §5.6.4, escapes of a backslash, a quote and a letter",
		`Bearer a="bad \\ token", b="\"", c="\x\y", d="", e="\\"`,
		list{{Scheme: "bearer", Params: params{{"a", `bad \ token`}, {"b", `"`}, {"c", "xy"}, {"d", ""}, {"e", `\`}}}}},
	{"a scheme inside a quoted string is none",
		`Bearer realm="Basic realm=x, Negotiate, error=insufficient_scope", error="invalid_token"`,
		list{{Scheme: "bearer", Params: params{{"realm", "Basic realm=x, Negotiate, error=insufficient_scope"}, {"error", "invalid_token"}}}}},
	{"RFC 9110 §11.2, a repeated name is malformed; both are shown",
		`Bearer error="a", error="b"`,
		list{{Scheme: "bearer", Params: params{{"error", "a"}, {"error", "b"}}}}},
	{"w3ap/oauth4webapi: percent escapes mean nothing here", `Scheme realm="foo%20bar"`,
		list{{Scheme: "scheme", Params: params{{"realm", "foo%20bar"}}}}},
	{"w3ap/oauth4webapi: single quotes are token characters", `Scheme realm='foo'`,
		list{{Scheme: "scheme", Params: params{{"realm", "'foo'"}}}}},
	{"w3ap/oauth4webapi: a comma after the scheme, lenient", `Scheme , realm="foo"`,
		list{{Scheme: "scheme", Params: params{{"realm", "foo"}}}}},
	{"the same without the blank, lenient", `Scheme, realm="foo"`,
		list{{Scheme: "scheme", Params: params{{"realm", "foo"}}}}},
	{"Headers.get joins fields", `Basic realm="a", Bearer`,
		list{{Scheme: "basic", Params: params{{"realm", "a"}}}, {Scheme: "bearer"}}},
	{"obs-text in a realm (RFC 9110 §5.5)", "Basic realm=\"caf\xc3\xa9 \xff\"",
		list{{Scheme: "basic", Params: params{{"realm", "caf\xc3\xa9 \xff"}}}}},

	{"absent", ``, nil},
	{"only list syntax", " ,\t, ", nil},
	{"a parameter without a scheme", `error="invalid_token", error_description="no scheme"`, nil},
	{"no scheme, then one", `error="invalid_token", Bearer scope=a`,
		list{{Scheme: "bearer", Params: params{{"scope", "a"}}}}},
	{"garbage", `@@@@@`, nil},
	{"garbage between challenges", `Bearer a=b, ???, Basic realm="x"`,
		list{{Scheme: "bearer", Params: params{{"a", "b"}}}, {Scheme: "basic", Params: params{{"realm", "x"}}}}},
	{"garbage after a token68", `Negotiate abc== ???`, list{{Scheme: "negotiate"}}},
	{"equals signs alone are no token68, and an assignment of nothing is no scheme", `Negotiate ==`, nil},
	{"garbage in the place of parameters", `Bearer ???, error=x`,
		list{{Scheme: "bearer", Params: params{{"error", "x"}}}}},
	{"two words after a scheme", `Bearer error invalid_token, scope=a`,
		list{{Scheme: "bearer", Params: params{{"scope", "a"}}}}},
	{"the owner of a parameter after garbage is unknown", `Bearer a=b, x@y z=1, error=insufficient_scope`,
		list{{Scheme: "bearer", Params: params{{"a", "b"}}}}},
	{"a parameter after a token68 belongs to nobody", `Negotiate abc==, realm="ignored"`,
		list{{Scheme: "negotiate", Token68: "abc=="}}},
	{"an unquoted URL is no token", `Bearer realm=https://h/x, error=insufficient_scope`,
		list{{Scheme: "bearer", Params: params{{"error", "insufficient_scope"}}}}},
	{"backslashes are no token characters", `Scheme realm=\f\o\o`, list{{Scheme: "scheme"}}},
	{"an empty value", `Bearer a=b, c=, d=e`,
		list{{Scheme: "bearer", Params: params{{"a", "b"}, {"d", "e"}}}}},
	{"an unquoted value of two words", `Bearer scope=a b, error=x`,
		list{{Scheme: "bearer", Params: params{{"error", "x"}}}}},
	{"an unclosed quote hides the rest", `Bearer error="x", realm="unclosed, Basic realm=y`,
		list{{Scheme: "bearer", Params: params{{"error", "x"}}}}},
	{"a stray escape keeps the quote open", `Bearer error="bad\escape\"`, list{{Scheme: "bearer"}}},
	{"a backslash at the end", `Bearer error="bad\`, list{{Scheme: "bearer"}}},
	{"a quote without equals sign", `Bearer error"invalid_token"`, list{{Scheme: "bearer"}}},
	{"a quote right after the scheme", `Bearer"Basic", Digest x=y`, nil},
	{"unescaped quotes put quoting out of step: no scheme is taken from there",
		`Bearer error="insufficient_scope", realm="Enter "Basic, Negotiate" here", Digest x=y`,
		list{{Scheme: "bearer", Params: params{{"error", "insufficient_scope"}}}}},
	{"a quote inside an unquoted value", `Bearer realm=a"b, Basic c=d, "`, list{{Scheme: "bearer"}}},
	{"a quoted string in the place of a scheme", `"Basic realm=x", Digest y=z`, nil},
	{"a missing comma", `Bearer realm="api" error="x", Basic`, list{{Scheme: "bearer"}}},
	{"a control character is no token character", "Bear\x00er a=b", nil},
}

func TestParse(t *testing.T) {
	for _, v := range parseVectors {
		if got := challenge.Parse(v.field); !reflect.DeepEqual(got, v.want) {
			t.Errorf("%s\n field %s\n   got %+v\n  want %+v", v.source, v.field, got, v.want)
		}
	}
}

func TestParam(t *testing.T) {
	c := challenge.Parse(`Bearer Error="first", error="second", scope=""`)[0]
	if v, ok := c.Param("error"); v != "first" || !ok {
		t.Errorf("error = %q, %v; the first counts", v, ok)
	}
	if v, ok := c.Param("scope"); v != "" || !ok {
		t.Errorf("scope = %q, %v; empty but there", v, ok)
	}
	if v, ok := c.Param("realm"); v != "" || ok {
		t.Errorf("realm = %q, %v; absent", v, ok)
	}
}

// quote writes a quoted-string (RFC 9110 §5.6.4).
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func format(l list, name func(string) string, comma, equals func() string, value func(string) string) string {
	var b strings.Builder
	for i, c := range l {
		if i > 0 {
			b.WriteString(comma())
		}
		b.WriteString(name(c.Scheme))
		if c.Token68 != "" {
			b.WriteString(" " + c.Token68)
		}
		for j, p := range c.Params {
			if j == 0 {
				b.WriteString(" ")
			} else {
				b.WriteString(comma())
			}
			b.WriteString(name(p.Name) + equals() + value(p.Value))
		}
	}
	return b.String()
}

func plain(l list) string {
	return format(l, func(s string) string { return s },
		func() string { return ", " }, func() string { return "=" }, quote)
}

// Whatever layout RFC 9110 allows for challenges, reading gives them back.
func TestParseGivesBackWhatWasWritten(t *testing.T) {
	r := rand.New(rand.NewSource(401))
	pick := func(from ...string) string { return from[r.Intn(len(from))] }
	blanks := func() string { return pick("", "", " ", "\t", "  ") }
	layouts := map[string]bool{}
	for range 20_000 {
		var want list
		for range r.Intn(4) + 1 {
			c := challenge.Challenge{Scheme: pick("basic", "bearer", "dpop", "x-y.z", "1")}
			switch r.Intn(3) {
			case 0:
				c.Token68 = pick("a", "abc=", "a/b+c==", "realm", "Basic")
			case 1:
				for range r.Intn(3) + 1 {
					c.Params = append(c.Params, challenge.Param{
						Name:  pick("realm", "error", "scope", "basic"),
						Value: pick("", "x", "a,b", `"`, `\`, "Basic realm=x, Digest", "a=b", " "),
					})
				}
			}
			want = append(want, c)
		}
		field := format(want,
			func(s string) string {
				if r.Intn(2) == 0 {
					return strings.ToUpper(s)
				}
				return s
			},
			func() string { return blanks() + pick(",", ",,", ", ,") + blanks() },
			func() string { return blanks() + "=" + blanks() },
			func(s string) string {
				if s == "x" && r.Intn(2) == 0 {
					return s
				}
				return quote(s)
			})
		layouts[field] = true
		if got := challenge.Parse(field); !reflect.DeepEqual(got, want) {
			t.Fatalf("field %s\n  got %+v\n want %+v", field, got, want)
		}
	}
	if len(layouts) < 10_000 {
		t.Errorf("only %d different fields", len(layouts))
	}
}
