package backend

import (
	"database/sql"
	"errors"
	"net/http"
)

const maxDown = 60

// control runs one of the demo's own buttons for the session that the request belongs to.
func (h *Handler) control(act func(w http.ResponseWriter, r *http.Request, family string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, ok := h.identify(r)
		if !ok {
			writeUnauthorized(w, plainChallenge, "this needs a session, ended or not: sign in")
			return
		}
		err := act(w, r, id)
		switch {
		case errors.As(err, new(*fieldError)):
			refuseFields(w, err)
		case errors.Is(err, sql.ErrNoRows):
			writeUnauthorized(w, plainChallenge, "this session is forgotten: sign in")
		case err != nil:
			h.fail(w, err)
		}
	}
}

func (h *Handler) expireAccess(w http.ResponseWriter, r *http.Request, id string) error {
	return done(w, h.store.expire(r.Context(), id))
}

func (h *Handler) revoke(w http.ResponseWriter, r *http.Request, id string) error {
	return done(w, h.store.end(r.Context(), id, h.millis()))
}

func (h *Handler) resetCounts(w http.ResponseWriter, r *http.Request, id string) error {
	return done(w, h.store.resetCounts(r.Context(), id))
}

func (h *Handler) readCounts(w http.ResponseWriter, r *http.Request, id string) error {
	c, err := h.store.counts(r.Context(), id, h.millis())
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, c)
	return nil
}

// malform replaces the access token by something that is none. Only the server can do that to an HttpOnly cookie; where
// the page holds the token, the page gets the bad one.
func (h *Handler) malform(w http.ResponseWriter, r *http.Request, id string) error {
	c, err := h.store.counts(r.Context(), id, h.millis())
	if err != nil {
		return err
	}
	bad := h.keys.malformed(id)
	if c.Mode != modeSession {
		writeJSON(w, http.StatusOK, map[string]string{"access_token": bad})
		return nil
	}
	http.SetCookie(w, newAccessCookie(bad, int(sessionLife.Seconds())))
	return done(w, nil)
}

// down plays an outage, for this session alone.
func (h *Handler) down(w http.ResponseWriter, r *http.Request, id string) error {
	fields, err := readFields(w, r, jsonType, formType)
	if err != nil {
		return err
	}
	if fields["seconds"] == "" {
		return badField("seconds", "is missing")
	}
	seconds, err := whole(fields, "seconds", 0, 0, maxDown)
	if err != nil {
		return err
	}
	until := int64(0)
	if seconds > 0 {
		until = h.millis() + 1000*seconds
	}
	switch fields["what"] {
	case "api":
		err = h.store.downAPI(r.Context(), id, until)
	case "refresh":
		err = h.store.downRefresh(r.Context(), id, until)
	case "all":
		err = errors.Join(h.store.downAPI(r.Context(), id, until), h.store.downRefresh(r.Context(), id, until))
	default:
		return badField("what", "must be refresh, api or all")
	}
	return done(w, err)
}

func done(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}
