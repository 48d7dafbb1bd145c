// Package backend is the server side of the fetch401 demo: sign-in, sessions that end soon, a refresh endpoint, an
// OAuth token endpoint, an API that answers 401 for every reason, and controls that cause those reasons.
//
// It decides who is signed in and which refresh token is the current one; it serves no files. Everything that must
// outlive a request is in SQL, because on Cloudflare Workers each request may meet a fresh instance. For the same reason
// the SQL keeps to what D1 can do: no transactions, integers and text only.
//
// Rotation follows RFC 9700 §4.14.2: a refresh token is used once, and a second use ends the whole family. Browsers
// send a POST again whose connection dropped, up to seven times, and tabs share cookies, so the previous token is
// answered with the very same successor, as often as asked, until that successor is used, for at most [GraceWindow].
// That forgives copies of one request, not a client whose many refreshes overlap without order: a copy that arrives
// after the successor's use ends the family. So does a thief who refreshes along with the owner, in step: copies of one
// request come within two seconds, and now and then one is late, but none is late in three rotations in a row.
// Successors are derived from a server key instead of stored; the alternative, keeping the last answer in the database,
// would put a usable token there.
package backend

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

const realm = "fetch401 demo"

// Config is what a Handler needs from its surroundings. DB and Keys are required.
type Config struct {
	// DB holds the tables of [Schema].
	DB *sql.DB
	// Keys sign the access tokens and authenticate the refresh tokens.
	Keys Keys
	// Now is the time that sessions live by; nil means time.Now.
	Now func() time.Time
	// Grace is how long a refresh token that has been rotated is still answered, always with its successor, unless that
	// is used before; [GraceWindow] is a good choice. Zero: never, a second use ends the family at once.
	Grace time.Duration
	// Hold keeps the answer to a request back for a time; nil waits in the handler. It is for surroundings where that
	// would hold more than a goroutine.
	Hold func(w http.ResponseWriter, r *http.Request, d time.Duration)
	// AllowOrigins are the exact origins, such as "https://app.example.com", that may call from another origin with
	// credentials. Empty means same-origin only.
	AllowOrigins []string
	// Pages serves every path that is not the backend's own; nil answers 404.
	Pages http.Handler
	// Log receives the server's own failures, never a token; nil discards them.
	Log *slog.Logger
}

// Handler is the demo backend. It holds no state of its own and is safe for concurrent use.
type Handler struct {
	store  store
	keys   Keys
	now    func() time.Time
	hold   func(http.ResponseWriter, *http.Request, time.Duration)
	allow  map[string]bool
	log    *slog.Logger
	routes http.Handler
}

// New checks the configuration and gives the handler. It does not touch the database.
func New(c Config) (*Handler, error) {
	if c.DB == nil {
		return nil, errors.New("backend: config without DB: open one with OpenSQLite or the d1 driver")
	}
	if c.Grace < 0 {
		return nil, fmt.Errorf("backend: config with a grace window of %v: give 0 for none", c.Grace)
	}
	if !c.Keys.valid() {
		return nil, errors.New("backend: config without keys: derive them with DeriveKeys")
	}
	h := &Handler{store: store{db: c.DB, grace: c.Grace}, keys: c.Keys, now: c.Now, hold: c.Hold, log: c.Log, allow: map[string]bool{}}
	for _, origin := range c.AllowOrigins {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			return nil, fmt.Errorf("backend: allowed origin %q is not scheme://host[:port]: drop path, slash and user", origin)
		}
		h.allow[origin] = true
	}
	if h.now == nil {
		h.now = time.Now
	}
	if h.hold == nil {
		h.hold = wait
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	h.routes = h.route(c.Pages)
	return h, nil
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.routes.ServeHTTP(w, r) }

// millis is the present in the unit of every time in the database.
func (h *Handler) millis() int64 { return h.now().UnixMilli() }
