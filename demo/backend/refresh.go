package backend

import "net/http"

// refresh renews the session of a refresh cookie.
func (h *Handler) refresh(w http.ResponseWriter, r *http.Request) {
	value, sent := cookieValue(r, refreshCookie)
	if sent > 1 {
		// Not a 401: whoever planted the second one must not be able to sign people out.
		writeProblem(w, http.StatusBadRequest, "the refresh cookie came more than once")
		return
	}
	t, ok := h.keys.parseRefresh(value, inCookie)
	if !ok {
		challenge := plainChallenge
		if value != "" {
			challenge = bearerChallenge("invalid_token", "the session has ended")
		}
		clearCookies(w)
		writeUnauthorized(w, challenge, "there is no session to refresh: sign in")
		return
	}
	now := h.millis()
	next := h.keys.text(t.successor())
	rot, err := h.store.rotate(r.Context(), t.family, hashOf(value), hashOf(next), now)
	switch {
	case err != nil:
		h.fail(w, err)
	case rot.outcome == rotated || rot.outcome == graced:
		h.grant(w, rot.family, next, now, issued{})
	case rot.outcome == unavailable:
		writeDown(w, rot.downUntil, now)
	default:
		clearCookies(w)
		writeUnauthorized(w, bearerChallenge("invalid_token", "the session has ended"), "the session has ended: sign in")
	}
}
