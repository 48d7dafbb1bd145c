//go:build !js

package backend_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestTokenEndpoint holds RFC 6749 §5 and §6. FRESH stands for a good refresh
// token, LARGE for a good body of the size that is taken at most.
func TestTokenEndpoint(t *testing.T) {
	s := start(t)
	formType := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	const good = "grant_type=refresh_token&refresh_token=FRESH&client_id=demo"
	for name, c := range map[string]struct {
		header http.Header
		body   string
		status int
		code   string
	}{
		"good":                  {formType, good, 200, ""},
		"charset":               {http.Header{"Content-Type": {"application/x-www-form-urlencoded;charset=UTF-8"}}, good, 200, ""},
		"scope":                 {formType, good + "&scope=api", 200, ""},
		"empty scope":           {formType, good + "&scope=", 200, ""},
		"unknown parameter":     {formType, good + "&audience=x", 200, ""},
		"wider scope":           {formType, good + "&scope=api+admin", 400, "invalid_scope"},
		"no type":               {nil, good, 400, "invalid_request"},
		"JSON":                  {http.Header{"Content-Type": {"application/json"}}, `{"grant_type":"refresh_token"}`, 400, "invalid_request"},
		"empty":                 {formType, "", 400, "invalid_request"},
		"no grant type":         {formType, "refresh_token=FRESH&client_id=demo", 400, "invalid_request"},
		"other grant":           {formType, "grant_type=password&username=demo&password=demo&client_id=demo", 400, "unsupported_grant_type"},
		"no client":             {formType, "grant_type=refresh_token&refresh_token=FRESH", 400, "invalid_request"},
		"other client":          {formType, "grant_type=refresh_token&refresh_token=FRESH&client_id=other", 400, "invalid_client"},
		"no token":              {formType, "grant_type=refresh_token&client_id=demo", 400, "invalid_request"},
		"empty token":           {formType, "grant_type=refresh_token&refresh_token=&client_id=demo", 400, "invalid_request"},
		"twice":                 {formType, good + "&refresh_token=FRESH", 400, "invalid_request"},
		"garbage":               {formType, "grant_type=refresh_token&refresh_token=x&client_id=demo", 400, "invalid_grant"},
		"broken escape":         {formType, good + "&x=%zz", 400, "invalid_request"},
		"as large as it may be": {formType, "LARGE", 200, ""},
		"too large":             {formType, "LARGEx", 400, "invalid_request"},
		"client by password":    {http.Header{"Content-Type": formType["Content-Type"], "Authorization": {"Basic ZGVtbzo="}}, good, 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			b := s.signIn(t, "bearer")
			fill := strings.NewReplacer("FRESH", b.refreshToken,
				"LARGE", sized(strings.ReplaceAll(good, "FRESH", b.refreshToken)+"&x=", 64<<10))
			got := b.do(t, ask{method: "POST", path: "/oauth/token", bare: true, header: c.header,
				body: strings.NewReader(fill.Replace(c.body))})
			mustStatus(t, got, c.status)
			if got.Header.Get("Content-Type") != "application/json" || len(got.Cookies()) != 0 {
				t.Errorf("headers %v", got.Header)
			}
			if c.status != 401 && got.Header.Get("Pragma") != "no-cache" {
				t.Errorf("Pragma %q (RFC 6749 §5.1)", got.Header.Get("Pragma"))
			}
			if c.status == 200 {
				if got.json["token_type"] != "Bearer" || got.json["expires_in"] != 60.0 || got.json["scope"] != "api" ||
					got.json["access_token"] == nil || got.json["refresh_token"] == nil {
					t.Errorf("the answer lacks something of %d members", len(got.json))
				}
				return
			}
			if got.json["error"] != c.code {
				t.Errorf("error %v, want %s", got.json["error"], c.code)
			}
			if c.status == 401 && got.Header.Get("WWW-Authenticate") != `Basic realm="fetch401 demo"` {
				t.Errorf("challenge %q", got.Header.Get("WWW-Authenticate"))
			}
			// A refused request costs nothing: the token is still good.
			mustStatus(t, b.renew(t), 200)
		})
	}
}
