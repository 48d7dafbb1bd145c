package backend

import (
	"net/http"
	"strings"
)

// cors sets the CORS headers for an allowed origin and answers preflights. True means that the answer is complete.
func (h *Handler) cors(w http.ResponseWriter, r *http.Request) bool {
	head, origin := w.Header(), r.Header.Get("Origin")
	allowed := h.allow[origin]
	if allowed {
		head.Set("Access-Control-Allow-Origin", origin)
		head.Set("Access-Control-Allow-Credentials", "true")
		head.Set("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After")
		head.Set("Timing-Allow-Origin", origin)
	}
	if r.Method != http.MethodOptions {
		return false
	}
	if allowed && r.Header.Get("Access-Control-Request-Method") != "" {
		head.Set("Access-Control-Allow-Methods", "GET, HEAD, POST")
		head.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-CSRF")
		head.Set("Access-Control-Max-Age", "600")
	}
	w.WriteHeader(http.StatusNoContent)
	return true
}

// guard refuses requests that another site's page may have sent. Fetch Metadata decides where the browser sends it, the
// Origin header where not; a client that sends neither is no browser, and may act only without cookies.
func (h *Handler) guard(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !h.sameParty(r) {
			writeProblem(w, http.StatusForbidden,
				"the request seems to come from another site: send Origin or Sec-Fetch-Site, or no cookies")
			return
		}
		next(w, r)
	}
}

func (h *Handler) sameParty(r *http.Request) bool {
	sites, origins := r.Header.Values("Sec-Fetch-Site"), r.Header.Values("Origin")
	// Workers join the lines of one name: there two values show by their comma.
	if len(sites) > 1 || len(origins) > 1 || strings.Contains(r.Header.Get("Sec-Fetch-Site")+r.Header.Get("Origin"), ",") {
		return false
	}
	if len(origins) == 1 && h.allow[origins[0]] {
		return true
	}
	if len(sites) == 1 {
		return sites[0] == "same-origin" || sites[0] == "none"
	}
	if len(origins) == 1 {
		return origins[0] == ownOrigin(r)
	}
	return r.Header.Get("Cookie") == ""
}

// ownOrigin is where the request was sent to. Workers give the scheme in the URL, net/http only shows TLS.
func ownOrigin(r *http.Request) string {
	scheme := r.URL.Scheme
	if scheme == "" {
		scheme = "http"
		if r.TLS != nil {
			scheme = "https"
		}
	}
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	return scheme + "://" + host
}
