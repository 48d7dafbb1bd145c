package backend

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func FuzzFields(f *testing.F) {
	f.Add(jsonType, []byte(`{"user":"demo","lifetime":30,"x":null}`))
	f.Add(jsonType, []byte(`{"user":[],"user":{}}`))
	f.Add(formType, []byte("user=demo&password=demo&lifetime=1"))
	f.Add(formType+"; charset=UTF-8", []byte("a=1&a=2&%zz"))
	f.Add("multipart/form-data; boundary=x", []byte("--x--"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r := httptest.NewRequest("POST", "/auth/login", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		fields, err := readFields(httptest.NewRecorder(), r, jsonType, formType)
		var bad *fieldError
		switch {
		case err == nil && fields == nil:
			t.Error("neither fields nor an error")
		case err != nil && (!errors.As(err, &bad) || bad.status < 400 || bad.status > 499 || bad.detail == ""):
			t.Errorf("error %v", err)
		}
		if n, err := whole(fields, "lifetime", 30, 1, 3600); err == nil && (n < 1 || n > 3600) {
			t.Errorf("lifetime %d", n)
		}
	})
}

// Whatever arrives is counted to its last byte, or refused.
func FuzzEcho(f *testing.F) {
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n"))
	f.Add("multipart/form-data; boundary=\"\"", []byte("--\r\n"))
	f.Add("text/plain", []byte("x"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		answer, err := digestBody(bytes.NewReader(body), kind)
		if err == nil && answer.Bytes != int64(len(body)) {
			t.Errorf("%d bytes of %d", answer.Bytes, len(body))
		}
		parts := int64(0)
		for _, p := range answer.Parts {
			parts += p.Bytes
		}
		if parts > int64(len(body)) || len(answer.Parts) > maxParts {
			t.Errorf("%d parts of %d bytes", len(answer.Parts), parts)
		}
	})
}

// A request that carries neither of our tokens never counts as ours.
func FuzzPresented(f *testing.F) {
	f.Add("Bearer x", "__Host-access=y")
	f.Add("bearer", "")
	f.Add("Basic x", "")
	f.Add("", `__Host-access="y,z"`)
	k := fixedKeys(f)
	h := &Handler{keys: k}
	f.Fuzz(func(t *testing.T, authorization, cookie string) {
		r := &http.Request{Header: http.Header{"Cookie": {cookie}}}
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		token, sent := presented(r)
		if token != "" && !sent {
			t.Error("a token that was not sent")
		}
		if sent && authorization != "" && !strings.EqualFold(authorization[:min(6, len(authorization))], "bearer") {
			t.Error("another scheme passed for Bearer")
		}
		if _, ok := h.identify(r); ok {
			t.Error("a session was made up")
		}
	})
}

// Only whole, allowed origins pass; what is like one does not.
func FuzzOrigin(f *testing.F) {
	h := &Handler{allow: map[string]bool{"https://app.example": true}}
	f.Add("https://app.example", "cross-site", "a=b")
	f.Add("https://app.example.evil.test", "same-site", "")
	f.Add("null", "", "")
	f.Fuzz(func(t *testing.T, origin, site, cookie string) {
		r := httptest.NewRequest("POST", "http://localhost:8401/auth/refresh", nil)
		r.URL.Scheme = ""
		for name, value := range map[string]string{"Origin": origin, "Sec-Fetch-Site": site, "Cookie": cookie} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		passes := h.sameParty(r)
		known := origin == "https://app.example" || site == "same-origin" || site == "none" ||
			site == "" && (origin == "http://localhost:8401" || origin == "" && cookie == "")
		if passes != known {
			t.Errorf("origin %q, site %q, cookie %q: %v", origin, site, cookie, passes)
		}
	})
}
