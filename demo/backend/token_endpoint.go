package backend

import (
	"errors"
	"net/http"
	"strings"
)

const (
	clientID     = "demo"
	grantedScope = "api"
)

// oauthError is RFC 6749 §5.2.
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func writeOAuthError(w http.ResponseWriter, code, description string) {
	w.Header().Set("Pragma", "no-cache")
	writeJSON(w, http.StatusBadRequest, oauthError{code, description})
}

// token is the token endpoint for a public client and the refresh_token grant (RFC 6749 §6).
func (h *Handler) token(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		// §5.2: a client that authenticated by Authorization gets a 401 with the matching challenge.
		w.Header().Set("WWW-Authenticate", `Basic realm="`+realm+`"`)
		writeJSON(w, http.StatusUnauthorized,
			oauthError{"invalid_client", "this client is public: send client_id in the body and no Authorization"})
		return
	}
	fields, err := readFields(w, r, formType)
	var bad *fieldError
	if errors.As(err, &bad) {
		if bad.status == http.StatusRequestTimeout {
			// No fault of the request's: a client that hears of one would not try again.
			refuseFields(w, err)
			return
		}
		writeOAuthError(w, "invalid_request", bad.detail)
		return
	}
	t, ok := h.keys.parseRefresh(fields["refresh_token"], inBody)
	switch {
	case fields["grant_type"] == "":
		writeOAuthError(w, "invalid_request", "grant_type is missing")
	case fields["grant_type"] != "refresh_token":
		writeOAuthError(w, "unsupported_grant_type", "grant_type must be refresh_token")
	case fields["client_id"] == "":
		writeOAuthError(w, "invalid_request", "client_id is missing")
	case fields["client_id"] != clientID:
		writeOAuthError(w, "invalid_client", "client_id is not known here")
	case fields["refresh_token"] == "":
		writeOAuthError(w, "invalid_request", "refresh_token is missing")
	case !withinScope(fields["scope"]):
		writeOAuthError(w, "invalid_scope", "scope must be "+grantedScope+" or absent")
	case !ok:
		writeOAuthError(w, "invalid_grant", "the refresh token is not valid")
	default:
		h.exchange(w, r, t, fields["refresh_token"])
	}
}

func (h *Handler) exchange(w http.ResponseWriter, r *http.Request, t refreshToken, presented string) {
	now := h.millis()
	next := h.keys.text(t.successor())
	rot, err := h.store.rotate(r.Context(), t.family, hashOf(presented), hashOf(next), now)
	switch {
	case err != nil:
		h.fail(w, err)
	case rot.outcome == rotated || rot.outcome == graced:
		w.Header().Set("Pragma", "no-cache")
		h.grant(w, rot.family, next, now, issued{Scope: grantedScope})
	case rot.outcome == unavailable:
		writeDown(w, rot.downUntil, now)
	default:
		writeOAuthError(w, "invalid_grant", "the refresh token is not valid")
	}
}

// withinScope says whether the asked scope is within what sign-in granted (§6); an empty one asks for the same.
func withinScope(scope string) bool {
	for _, s := range strings.Fields(scope) {
		if s != grantedScope {
			return false
		}
	}
	return true
}
