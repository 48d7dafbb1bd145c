package backend

import (
	"net/http"
	"strings"
)

// route lists every endpoint. guarded endpoints change something on the strength of a cookie, so a foreign page must
// not reach them; the token endpoint takes no cookie, and who knows a refresh token needs no forgery.
func (h *Handler) route(pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, e := range []struct {
		method, path string
		serve        http.HandlerFunc
		guarded      bool
	}{
		{"POST", "/auth/login", h.login, true},
		{"POST", "/auth/refresh", h.refresh, true},
		{"POST", "/auth/logout", h.logout, true},
		{"POST", "/oauth/token", h.token, false},

		{"GET", "/api/hello", h.admitted(hello), false},
		{"GET", "/api/me", h.admitted(h.me), false},
		{"GET", "/api/items/{n}", h.admitted(item), false},
		{"GET", "/api/forbidden", h.admitted(forbidden), false},
		{"GET", "/elsewhere", h.admitted(hello), false},
		{"GET", "/api/slow", h.slow, false},
		{"POST", "/api/echo", h.echo, true},
		{"GET", "/api/scope", h.insufficient(scopeChallenge, "this needs a permission that your session does not have"), false},
		{"GET", "/api/stepup", h.insufficient(stepUpChallenge, "this needs a fresh sign-in with a second factor"), false},
		{"GET", "/api/basic", h.always(basicChallenge, "this printer wants its own password"), false},
		{"GET", "/api/broken", h.always(brokenChallenge, "this answers 401 whatever you send"), false},
		{"GET", "/api/redirect", redirect, false},
		{"GET", "/api/public", public, false},

		{"POST", "/demo/expire", h.control(h.expireAccess), true},
		{"POST", "/demo/revoke", h.control(h.revoke), true},
		{"POST", "/demo/malform", h.control(h.malform), true},
		{"POST", "/demo/down", h.control(h.down), true},
		{"GET", "/demo/counts", h.control(h.readCounts), false},
		{"POST", "/demo/counts/reset", h.control(h.resetCounts), true},
	} {
		serve := e.serve
		if e.guarded {
			serve = h.guard(serve)
		}
		mux.Handle(e.path, h.dynamic(e.method, serve))
	}
	unknown := h.dynamic("", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, http.StatusNotFound, "no such endpoint")
	})
	for _, prefix := range []string{"/api/", "/auth/", "/oauth/", "/demo/"} {
		mux.Handle(prefix, unknown)
	}
	if pages == nil {
		pages = unknown
	}
	mux.Handle("/", pages)
	return mux
}

// dynamic is what all endpoints have in common. CORS comes first, so that its headers are on every answer, a failure's
// and a preflight's included: without them a page cannot even see the status. An empty method means any.
func (h *Handler) dynamic(method string, serve http.HandlerFunc) http.Handler {
	return timed(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Cache-Control", "no-store")
		head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Add("Vary", "Authorization, Cookie, Origin")
		if h.cors(w, r) {
			return
		}
		defer h.rescue(w)
		if ok := method == "" || r.Method == method || method == "GET" && r.Method == "HEAD"; !ok {
			allow := strings.Replace(method, "GET", "GET, HEAD", 1)
			head.Set("Allow", allow)
			writeProblem(w, http.StatusMethodNotAllowed, "this endpoint takes "+allow)
			return
		}
		serve(w, r)
	})
}
