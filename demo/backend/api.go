package backend

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const maxSlow = 10_000

var (
	scopeChallenge  = plainChallenge + `, error="insufficient_scope", error_description="more permission is needed", scope="admin"`
	stepUpChallenge = plainChallenge + // RFC 9470 §3
		`, error="insufficient_user_authentication", error_description="a second factor is needed", acr_values="mfa"`
	brokenChallenge = bearerChallenge("invalid_token", "this endpoint takes no token")
)

func hello(w http.ResponseWriter, _ *http.Request, c call) {
	writeJSON(w, http.StatusOK, map[string]any{"hello": c.Subject, "generation": c.Generation})
}

func (h *Handler) me(w http.ResponseWriter, _ *http.Request, c call) {
	writeJSON(w, http.StatusOK, map[string]any{"subject": c.Subject, "mode": c.Mode, "expires_in": c.ExpiresIn})
}

func item(w http.ResponseWriter, r *http.Request, c call) {
	n, err := strconv.ParseUint(r.PathValue("n"), 10, 32)
	if err != nil {
		writeProblem(w, http.StatusNotFound, "items have whole numbers")
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"item": n, "generation": c.Generation})
}

func forbidden(w http.ResponseWriter, _ *http.Request, _ call) {
	writeProblem(w, http.StatusForbidden, "you are signed in, and this is not for you")
}

func public(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"public": true})
}

// slow judges the call when it arrives and answers later, so that its 401 can arrive when the session has long been
// refreshed. Who shows nothing of this server gets no time of it.
func (h *Handler) slow(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	ms, err := whole(map[string]string{"ms": query.Get("ms")}, "ms", 1000, 0, maxSlow)
	if err != nil {
		refuseFields(w, err)
		return
	}
	c, err := h.judge(r, false)
	if c.known {
		h.hold(w, r, time.Duration(ms)*time.Millisecond)
	}
	if !h.turnAway(w, c, err) {
		writeJSON(w, http.StatusOK, map[string]any{"waited": ms, "generation": c.Generation})
	}
}

// wait holds an answer back, unless the client leaves.
func wait(_ http.ResponseWriter, r *http.Request, d time.Duration) {
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-r.Context().Done():
	case <-over.C:
	}
}

// insufficient answers a good session with a 401 that no refresh can mend.
func (h *Handler) insufficient(challenge, detail string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := h.judge(r, true)
		if !h.turnAway(w, c, err) {
			writeUnauthorized(w, challenge, detail)
		}
	}
}

// always answers 401 with one challenge, whoever asks.
func (h *Handler) always(challenge, detail string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := h.judge(r, true)
		c.challenge, c.detail = challenge, detail
		h.turnAway(w, c, err)
	}
}

// targets are all the places that redirect leads to: a free choice would be an open redirect.
var targets = []string{
	"/api/hello", "/api/me", "/api/items/1", "/api/public", "/api/forbidden", "/api/scope", "/api/stepup", "/api/basic",
	"/api/broken", "/elsewhere",
}

func redirect(w http.ResponseWriter, r *http.Request) {
	to := r.URL.Query().Get("to")
	if to == "" {
		to = targets[0]
	}
	if !slices.Contains(targets, to) {
		writeProblem(w, http.StatusBadRequest, "parameter to: must be one of "+strings.Join(targets, ", "))
		return
	}
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusFound)
}
