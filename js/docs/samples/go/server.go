package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"time"
)

// The prefix lets no other host set the cookie, not even a sibling; nothing but Path=/ goes with it.
const (
	accessCookie  = "__Host-access"
	refreshCookie = "__Host-refresh"
)

type server struct {
	sessions sessions
	origin   string
}

func (s server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/login", s.login)
	mux.HandleFunc("POST /auth/refresh", s.refresh)
	mux.HandleFunc("POST /auth/logout", s.logout)
	mux.HandleFunc("GET /api/hello", s.hello)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// All of it is about somebody: no cache keeps it.
		w.Header().Set("Cache-Control", "no-store")
		if r.Method == http.MethodPost && !s.sameOrigin(r) {
			writeJSON(w, http.StatusForbidden, map[string]any{"error": "cross_site"})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site's page may have sent: it must not sign somebody in, renew or sign out. Old browsers
// send Origin alone.
func (s server) sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	return r.Header.Get("Origin") == s.origin
}

func (s server) login(w http.ResponseWriter, r *http.Request) {
	var who struct{ Name, Password string }
	err := json.NewDecoder(io.LimitReader(r.Body, 1024)).Decode(&who)
	// Your own check of a password stands here, with a limit of tries.
	if err != nil || who.Name != "demo" || who.Password != "demo" {
		unauthorized(w, false)
		return
	}
	t, err := s.sessions.begin(r.Context(), who.Name)
	s.answer(w, t, err)
}

func (s server) refresh(w http.ResponseWriter, r *http.Request) {
	t, err := s.sessions.renew(r.Context(), cookie(r, refreshCookie))
	s.answer(w, t, err)
}

func (s server) logout(w http.ResponseWriter, r *http.Request) {
	if err := s.sessions.end(r.Context(), cookie(r, refreshCookie)); err != nil {
		unavailable(w, err)
		return
	}
	forget(w)
	w.WriteHeader(http.StatusNoContent)
}

func (s server) hello(w http.ResponseWriter, r *http.Request) {
	token := cookie(r, accessCookie)
	switch subject, err := s.sessions.whose(r.Context(), token); {
	case errors.Is(err, errEnded):
		unauthorized(w, token != "")
	case err != nil:
		unavailable(w, err)
	default:
		writeJSON(w, http.StatusOK, map[string]any{"hello": subject})
	}
}

// answer writes the cookies of a session, or its end.
func (s server) answer(w http.ResponseWriter, t tokens, err error) {
	switch {
	case errors.Is(err, errEnded):
		forget(w)
		unauthorized(w, true)
	case err != nil:
		unavailable(w, err)
	default:
		setCookie(w, accessCookie, t.access, s.sessions.accessLifetime, http.SameSiteLaxMode)
		setCookie(w, refreshCookie, t.refresh, sessionLifetime, http.SameSiteStrictMode)
		writeJSON(w, http.StatusOK, map[string]any{"subject": t.subject, "expires_in": s.sessions.accessLifetime / time.Second})
	}
}

func unauthorized(w http.ResponseWriter, had bool) {
	challenge := `Bearer realm="app"`
	if had {
		challenge += `, error="invalid_token"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	writeJSON(w, http.StatusUnauthorized, map[string]any{"error": "unauthorized"})
}

// unavailable says "not now": a database that does not answer ends nobody's session, and fetch401 keeps it.
func unavailable(w http.ResponseWriter, err error) {
	log.Print(err)
	w.Header().Set("Retry-After", "5")
	writeJSON(w, http.StatusServiceUnavailable, map[string]any{"error": "unavailable"})
}

func forget(w http.ResponseWriter) {
	setCookie(w, accessCookie, "", -time.Second, http.SameSiteLaxMode)
	setCookie(w, refreshCookie, "", -time.Second, http.SameSiteStrictMode)
}

func setCookie(w http.ResponseWriter, name, value string, lifetime time.Duration, site http.SameSite) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(lifetime.Seconds()), HttpOnly: true, Secure: true, SameSite: site,
	})
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

func writeJSON(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
