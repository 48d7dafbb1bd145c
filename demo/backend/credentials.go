package backend

import (
	"net/http"
	"strings"
)

// call is an API request as the access check sees it.
type call struct {
	Subject, Mode string
	// ExpiresIn is what is left of the access token, in seconds, rounded up.
	ExpiresIn int64
	// Generation is the rotation that the access token was signed after.
	Generation int64

	known             bool   // the token names a session on record, be it over
	challenge, detail string // of the 401; empty when admitted
	downUntil         int64
}

// presented gives the access token that came with a request. An Authorization header counts before the cookie, because
// it was sent on purpose.
func presented(r *http.Request) (token string, sent bool) {
	if values := r.Header.Values("Authorization"); len(values) > 0 {
		scheme, rest, _ := strings.Cut(values[0], " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", false
		}
		if len(values) > 1 {
			return "", true
		}
		return strings.TrimLeft(rest, " "), true
	}
	token, cookies := cookieValue(r, accessCookie)
	return token, cookies > 0
}

func (c *call) refuse(description string) {
	c.challenge = bearerChallenge("invalid_token", description)
	c.detail = description
}

// judge checks the access token of a request, and records the call on its family's account. unauthorized says that the
// endpoint answers 401 in any case.
func (h *Handler) judge(r *http.Request, unauthorized bool) (call, error) {
	token, sent := presented(r)
	if !sent {
		return call{challenge: plainChallenge, detail: "this needs a session: sign in"}, nil
	}
	now := h.millis()
	var c call
	claims, err := h.keys.verify(token)
	id := claims.Family
	switch {
	case err != nil:
		c.refuse("the access token is malformed")
		id, _ = h.keys.parseMalformed(token)
	case claims.Expires.toMillis() <= now:
		c.refuse("the access token expired")
	}
	if id == "" {
		return c, nil
	}
	st, found, err := h.store.record(r.Context(), id, unauthorized || c.challenge != "", claims.Epoch, now)
	if err != nil {
		return call{}, err
	}
	switch {
	case c.challenge != "":
	case !found || st.Ended:
		c.refuse("the session has ended")
	case st.Epoch > claims.Epoch:
		c.refuse("the access token expired")
	}
	c.known = found
	c.Subject, c.Mode = st.Subject, st.Mode
	c.Generation = claims.Generation
	c.ExpiresIn = (claims.Expires.toMillis() - now + 999) / 1000
	if st.DownUntil > now {
		c.downUntil = st.DownUntil
	}
	return c, nil
}

// turnAway answers a call that the access check does not let in. True means that it did.
func (h *Handler) turnAway(w http.ResponseWriter, c call, err error) bool {
	switch {
	case err != nil:
		h.fail(w, err)
	case c.downUntil > 0:
		writeDown(w, c.downUntil, h.millis())
	case c.challenge != "":
		writeUnauthorized(w, c.challenge, c.detail)
	default:
		return false
	}
	return true
}

// admitted runs an endpoint only for calls with a good access token.
func (h *Handler) admitted(serve func(http.ResponseWriter, *http.Request, call)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := h.judge(r, false)
		if !h.turnAway(w, c, err) {
			serve(w, r, c)
		}
	}
}

// identify tells whose session a request belongs to, by any token that this server made, expired or not. It is for
// signing out and for the demo's controls, which must work on a session that is broken on purpose.
func (h *Handler) identify(r *http.Request) (family string, ok bool) {
	token, _ := presented(r)
	if claims, err := h.keys.verify(token); err == nil {
		return claims.Family, true
	}
	if family, ok := h.keys.parseMalformed(token); ok {
		return family, true
	}
	value, _ := cookieValue(r, refreshCookie)
	t, ok := h.keys.parseRefresh(value, inCookie)
	return t.family, ok
}
