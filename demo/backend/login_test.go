//go:build !js

package backend_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/demo/backend"
)

func TestSignInSessionKeepsTokensInCookies(t *testing.T) {
	b := start(t).browser()
	got := b.post(t, "/auth/login", "user", "demo", "password", "demo", "mode", "session", "lifetime", "7")
	mustStatus(t, got, 200)
	if got.json["expires_in"] != 7.0 || got.json["subject"] != "demo" || got.json["access_token"] != nil || got.json["refresh_token"] != nil {
		t.Errorf("answer %s", got.text)
	}
	for name, want := range map[string]http.Cookie{
		"__Host-access":  {SameSite: http.SameSiteLaxMode},
		"__Host-refresh": {SameSite: http.SameSiteStrictMode},
	} {
		c := b.cookies[name]
		if c == nil || !c.Secure || !c.HttpOnly || c.Domain != "" || c.Path != "/" || c.SameSite != want.SameSite || c.MaxAge != 12*3600 {
			t.Errorf("cookie %s is %v", name, c)
		}
	}
	mustStatus(t, b.get(t, "/api/hello"), 200)
}

func TestSignInBearerSetsNoCookie(t *testing.T) {
	b := start(t).browser()
	got := b.do(t, ask{method: "POST", path: "/auth/login", header: http.Header{"Content-Type": {"application/json"}},
		body: strings.NewReader(`{"user":"demo","password":"demo","mode":"bearer","lifetime":7}`)})
	mustStatus(t, got, 200)
	if len(got.Cookies()) != 0 {
		t.Errorf("cookies %v", got.Cookies())
	}
	if got.json["token_type"] != "Bearer" || got.json["expires_in"] != 7.0 || got.json["access_token"] == nil || got.json["refresh_token"] == nil {
		t.Errorf("answer lacks something: %d members", len(got.json))
	}
}

func TestSignInPairSplitsTheTokens(t *testing.T) {
	b := start(t).browser()
	got := b.post(t, "/auth/login", "user", "demo", "password", "demo", "mode", "pair")
	mustStatus(t, got, 200)
	if got.json["access_token"] == nil || got.json["refresh_token"] != nil || got.json["expires_in"] != 30.0 {
		t.Errorf("answer has %d members, expires_in %v", len(got.json), got.json["expires_in"])
	}
	if b.cookies["__Host-refresh"] == nil || b.cookies["__Host-access"] != nil {
		t.Errorf("cookies %v", b.cookies)
	}
}

// The page shows where the session that it has begun keeps its tokens.
func TestSignInTellsItsMode(t *testing.T) {
	s := start(t)
	for asked, told := range map[string]string{"": "session", "session": "session", "bearer": "bearer", "pair": "pair"} {
		got := s.browser().post(t, "/auth/login", "user", "demo", "password", "demo", "mode", asked)
		mustStatus(t, got, 200)
		if got.json["mode"] != told {
			t.Errorf("mode %v, want %s", got.json["mode"], told)
		}
	}
}

// A sign-in that cannot end the session that it replaces begins none: nobody could reach that one any more.
func TestSignInThatCannotEndTheSessionBefore(t *testing.T) {
	var db *sql.DB
	s := start(t, func(c *backend.Config) { db = c.DB })
	b := s.signIn(t, "session")
	if _, err := db.Exec(`CREATE TRIGGER keep BEFORE UPDATE OF ended_at ON families BEGIN SELECT RAISE(ABORT, 'kept'); END`); err != nil {
		t.Fatal(err)
	}
	got := b.post(t, "/auth/login", "user", "demo", "password", "demo")
	mustStatus(t, got, 500)
	if len(got.Cookies()) != 0 || got.json["access_token"] != nil {
		t.Errorf("a sign-in that failed gave %v", got.Cookies())
	}
}

func TestSignInIsRefusedWithoutAnOracle(t *testing.T) {
	b := start(t).browser()
	wrongPassword := b.post(t, "/auth/login", "user", "demo", "password", "wrong")
	wrongUser := b.post(t, "/auth/login", "user", "nobody", "password", "demo")
	mustChallenge(t, wrongPassword, plain)
	mustChallenge(t, wrongUser, plain)
	if wrongPassword.text != wrongUser.text {
		t.Errorf("the answers differ:\n%s%s", wrongPassword.text, wrongUser.text)
	}
	if len(wrongUser.Cookies()) != 0 {
		t.Errorf("a refused sign-in set %v", wrongUser.Cookies())
	}
}

// sized fills a form up to a number of bytes.
func sized(form string, size int) string { return form + strings.Repeat("x", size-len(form)) }

// twice is a form with one field given twice.
func twice(name string) string { return name + "=1&" + name + "=2" }

func TestSignInBadInput(t *testing.T) {
	s := start(t)
	const formType, jsonType = "application/x-www-form-urlencoded", "application/json"
	for name, c := range map[string]struct {
		kind, body string
		status     int
		detail     string
	}{
		"no type":               {"", "user=demo", 415, "Content-Type"},
		"text":                  {"text/plain", `{"user":"demo"}`, 415, "application/json"},
		"broken JSON":           {jsonType, `{"user":`, 400, "JSON"},
		"null":                  {jsonType, `null`, 400, "JSON"},
		"array":                 {jsonType, `[]`, 400, "JSON"},
		"two objects":           {jsonType, `{}{}`, 400, "goes on"},
		"nested":                {jsonType, `{"user":{}}`, 422, "field user"},
		"broken form":           {formType, "user=%zz", 400, "form"},
		"twice":                 {formType, "user=demo&user=demo&password=demo", 422, "field user"},
		"empty":                 {formType, "", 422, "field user"},
		"no password":           {formType, "user=demo", 422, "field password"},
		"mode":                  {formType, "user=demo&password=demo&mode=jwt", 422, "session, bearer or pair"},
		"lifetime 0":            {formType, "user=demo&password=demo&lifetime=0", 422, "from 1 to 3600"},
		"lifetime 3601":         {formType, "user=demo&password=demo&lifetime=3601", 422, "from 1 to 3600"},
		"lifetime -1":           {formType, "user=demo&password=demo&lifetime=-1", 422, "field lifetime"},
		"lifetime 1.5":          {jsonType, `{"user":"demo","password":"demo","lifetime":1.5}`, 422, "field lifetime"},
		"lifetime text":         {formType, "user=demo&password=demo&lifetime=soon", 422, "field lifetime"},
		"lifetime huge":         {formType, "user=demo&password=demo&lifetime=99999999999999999999", 422, "field lifetime"},
		"lifetime 1":            {formType, "user=demo&password=demo&lifetime=1", 200, ""},
		"lifetime 3600":         {jsonType, `{"user":"demo","password":"demo","lifetime":"3600"}`, 200, ""},
		"null is absent":        {jsonType, `{"user":"demo","password":"demo","lifetime":null}`, 200, ""},
		"as large as it may be": {formType, sized("user=demo&password=demo&x=", 64<<10), 200, ""},
		"too large":             {formType, sized("user=demo&password=demo&x=", 64<<10+1), 413, "65536"},
		"secret as a name":      {formType, "eyJhbGciOiJFZERTQSJ9.e30=1&eyJhbGciOiJFZERTQSJ9.e30=2", 422, "(unknown)"},
		"long name":             {formType, twice(strings.Repeat("q", 21)), 422, "(unknown)"},
		"name":                  {formType, twice("abcdefghijklmnopqrst"), 422, "field abcdefghijklmnopqrst:"},
		"odd name":              {formType, twice("a.b"), 422, "(unknown)"},
		"rest of the names":     {formType, twice("uvwxyz_"), 422, "field uvwxyz_:"},
		"input in the path":     {formType, "password=demo", 422, "field user"},
	} {
		t.Run(name, func(t *testing.T) {
			header := http.Header{}
			if c.kind != "" {
				header.Set("Content-Type", c.kind)
			}
			got := s.browser().do(t, ask{method: "POST", path: "/auth/login?user=demo", header: header, body: strings.NewReader(c.body)})
			mustStatus(t, got, c.status)
			if detail, _ := got.json["detail"].(string); !strings.Contains(detail, c.detail) {
				t.Errorf("detail %q, want %q in it", detail, c.detail)
			}
		})
	}
}

// A page that changes the mode must not be let in by the cookies of the mode before.
func TestSignInReplacesTheSessionBefore(t *testing.T) {
	b := start(t).signIn(t, "session")
	old := b.cookies["__Host-access"].Value
	mustStatus(t, b.post(t, "/auth/login", "user", "demo", "password", "demo", "mode", "bearer"), 200)
	mustChallenge(t, b.get(t, "/api/hello"), plain)
	got := b.do(t, ask{method: "GET", path: "/api/hello", bare: true, header: http.Header{"Authorization": {"Bearer " + old}}})
	mustChallenge(t, got, invalid("the session has ended"))
}

// Each mode takes away the cookies that it does not set anew, of whatever mode was before.
func TestSignInLeavesTheCookiesOfItsModeOnly(t *testing.T) {
	s := start(t)
	for _, before := range modes {
		for mode, want := range map[string]int{"session": 2, "pair": 1, "bearer": 0} {
			b := s.signIn(t, before)
			got := b.post(t, "/auth/login", "user", "demo", "password", "demo", "mode", mode)
			mustStatus(t, got, 200)
			if len(b.cookies) != want {
				t.Errorf("%s after %s: cookies %v", mode, before, b.cookies)
			}
			if mode == "session" && len(got.Cookies()) != 2 {
				t.Errorf("%s after %s sets %v", mode, before, got.Cookies())
			}
		}
	}
}

func TestSignOut(t *testing.T) {
	s := start(t)
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			b := s.signIn(t, mode)
			cookies := len(b.cookies)
			kept := s.browser()
			kept.bearer, kept.refreshToken = b.bearer, b.refreshToken
			for name, c := range b.cookies {
				kept.cookies[name] = c
			}
			got := b.post(t, "/auth/logout")
			mustStatus(t, got, 204)
			for _, c := range got.Cookies() {
				if c.Value != "" {
					t.Errorf("cookie %s is not emptied", c.Name)
				}
			}
			if len(b.cookies) != 0 {
				t.Errorf("%d of %d cookies left", len(b.cookies), cookies)
			}
			mustChallenge(t, kept.get(t, "/api/hello"), invalid("the session has ended"))
			if got = kept.renew(t); got.StatusCode != 401 && got.json["error"] != "invalid_grant" {
				t.Errorf("a signed-out session refreshed: %d", got.StatusCode)
			}
		})
	}
	mustStatus(t, s.browser().post(t, "/auth/logout"), 204)
}
