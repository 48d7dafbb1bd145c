package backend

import "net/http"

// logout ends the session, if there is one, and forgets the cookies in any case.
func (h *Handler) logout(w http.ResponseWriter, r *http.Request) {
	if id, ok := h.identify(r); ok {
		if err := h.store.end(r.Context(), id, h.millis()); err != nil {
			h.fail(w, err)
			return
		}
	}
	clearCookies(w)
	w.WriteHeader(http.StatusNoContent)
}
