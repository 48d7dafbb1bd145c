package backend

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"time"
)

// The one account, printed on the demo page.
const (
	demoUser     = "demo"
	demoPassword = "demo"
)

const (
	modeSession = "session" // both tokens in HttpOnly cookies
	modeBearer  = "bearer"  // both tokens in the page's memory
	modePair    = "pair"    // refresh token in a cookie, access token in the page's memory
)

const (
	sessionLife     = 12 * time.Hour
	defaultLifetime = 30
	maxLifetime     = 3600
)

// issued is the JSON of sign-in and refresh. Members that a mode keeps from scripts stay out. The subject is in all of
// them: by it a page knows whether the session is still the same person's.
type issued struct {
	Mode         string `json:"mode,omitempty"`
	Subject      string `json:"subject"`
	AccessToken  string `json:"access_token,omitempty"`
	TokenType    string `json:"token_type,omitempty"`
	ExpiresIn    int64  `json:"expires_in"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

func (h *Handler) login(w http.ResponseWriter, r *http.Request) {
	fields, err := readFields(w, r, jsonType, formType)
	if err != nil {
		refuseFields(w, err)
		return
	}
	for _, name := range []string{"user", "password"} {
		if fields[name] == "" {
			refuseFields(w, badField(name, "is missing"))
			return
		}
	}
	f := family{ID: newFamilyID(), Subject: demoUser, Mode: fields["mode"]}
	switch f.Mode {
	case "":
		f.Mode = modeSession
	case modeSession, modeBearer, modePair:
	default:
		refuseFields(w, badField("mode", "must be session, bearer or pair"))
		return
	}
	if f.Lifetime, err = whole(fields, "lifetime", defaultLifetime, 1, maxLifetime); err != nil {
		refuseFields(w, err)
		return
	}
	if !samePassword(fields["user"], fields["password"]) {
		writeUnauthorized(w, plainChallenge, "user and password do not match")
		return
	}
	by := inCookie
	if f.Mode == modeBearer {
		by = inBody
	}
	first := h.keys.text(refreshToken{carrier: by, family: f.ID})
	now := h.millis()
	if err := h.store.create(r.Context(), f, hashOf(first), now+sessionLife.Milliseconds(), now); err != nil {
		h.fail(w, err)
		return
	}
	if err := h.replaceSession(w, r, f.Mode); err != nil {
		h.fail(w, err)
		return
	}
	h.grant(w, f, first, now, issued{Mode: f.Mode})
}

// samePassword takes the same time whichever of the two is wrong.
func samePassword(user, password string) bool {
	givenUser, givenPassword := sha256.Sum256([]byte(user)), sha256.Sum256([]byte(password))
	wantUser, wantPassword := sha256.Sum256([]byte(demoUser)), sha256.Sum256([]byte(demoPassword))
	return subtle.ConstantTimeCompare(givenUser[:], wantUser[:])&
		subtle.ConstantTimeCompare(givenPassword[:], wantPassword[:]) == 1
}

// replaceSession ends the session whose cookies a new sign-in overwrites: nobody could reach it any more. A mode that
// sets no cookie of its own takes the old ones away, or they would quietly answer for missing bearer tokens.
func (h *Handler) replaceSession(w http.ResponseWriter, r *http.Request, mode string) error {
	_, access := cookieValue(r, accessCookie)
	value, refresh := cookieValue(r, refreshCookie)
	if mode != modeSession && access+refresh > 0 {
		clearCookies(w)
	}
	if old, ok := h.keys.parseRefresh(value, inCookie); ok {
		return h.store.end(r.Context(), old.family, h.millis())
	}
	return nil
}

// grant hands out a fresh access token and the given refresh token, each where the family's mode keeps it.
func (h *Handler) grant(w http.ResponseWriter, f family, refresh string, now int64, answer issued) {
	access, err := h.keys.sign(f, now)
	if err != nil {
		h.fail(w, err)
		return
	}
	// The cookies outlive the access token: the demo shows an expired one, not a missing one.
	age := int(sessionLife.Seconds())
	answer.Subject, answer.ExpiresIn = f.Subject, f.Lifetime
	if f.Mode == modeSession {
		http.SetCookie(w, newAccessCookie(access, age))
	} else {
		answer.AccessToken, answer.TokenType = access, "Bearer"
	}
	if f.Mode == modeBearer {
		answer.RefreshToken = refresh
	} else {
		http.SetCookie(w, newRefreshCookie(refresh, age))
	}
	writeJSON(w, http.StatusOK, answer)
}
