package backend

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// problem is an RFC 9457 answer. What it says is the same for every account and every token.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func writeProblem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	writeBody(w, status, problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	writeBody(w, status, v)
}

func writeBody(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(status)
	// A client that has gone is no failure of ours.
	_, _ = w.Write(append(body, '\n'))
}

// writeUnauthorized answers 401 with a challenge, which RFC 9110 §15.5.2 makes a duty.
func writeUnauthorized(w http.ResponseWriter, challenge, detail string) {
	w.Header().Set("WWW-Authenticate", challenge)
	writeProblem(w, http.StatusUnauthorized, detail)
}

const (
	// plainChallenge answers a request without credentials: RFC 6750 §3.1 wants no error code there.
	plainChallenge = `Bearer realm="` + realm + `"`
	basicChallenge = `Basic realm="printer", charset="UTF-8"`
)

// bearerChallenge says why credentials did not do. code and description are constants of this package, since nothing
// here escapes quotes.
func bearerChallenge(code, description string) string {
	return plainChallenge + `, error="` + code + `", error_description="` + description + `"`
}

// writeDown answers 503 for the rest of a downtime.
func writeDown(w http.ResponseWriter, until, now int64) {
	w.Header().Set("Retry-After", strconv.FormatInt(max(1, (until-now+999)/1000), 10))
	writeProblem(w, http.StatusServiceUnavailable, "the demo plays a backend that is down")
}

// fail answers 500 and tells the log why. What err says may name a statement, so it stays on the server.
func (h *Handler) fail(w http.ResponseWriter, err error) {
	h.log.Error("request failed", "err", err)
	writeProblem(w, http.StatusInternalServerError, "the demo failed, and its log says why")
}
