//go:build js

package main

import (
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/syumai/workers/cloudflare"
	_ "github.com/syumai/workers/cloudflare/d1" // registers the "d1" driver

	"github.com/fetch401/fetch401/demo/backend"
	"github.com/fetch401/fetch401/demo/worker/edge"
)

// The bindings of the Worker: the D1 database, a secret, and a plain variable of comma-separated origins.
const (
	databaseBinding = "DB"
	secretBinding   = "FETCH401_DEMO_SECRET"
	originsBinding  = "FETCH401_DEMO_ORIGINS"
)

func main() {
	handler, err := open()
	if err != nil {
		// Nothing can be served without its bindings: the pool answers 500, and the log says why.
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	edge.Serve(handler)
}

func open() (*backend.Handler, error) {
	if !cloudflare.GetBinding(databaseBinding).Truthy() {
		return nil, fmt.Errorf("demo: no binding %s: bind a D1 database in wrangler.jsonc", databaseBinding)
	}
	db, err := sql.Open("d1", databaseBinding)
	if err != nil {
		return nil, fmt.Errorf("demo: open D1: %w", err)
	}
	keys, err := backend.DeriveKeys([]byte(variable(secretBinding)))
	if err != nil {
		return nil, fmt.Errorf("demo: binding %s: %w: set it with wrangler secret put", secretBinding, err)
	}
	return backend.New(backend.Config{
		DB:           db,
		Keys:         keys,
		Grace:        backend.GraceWindow,
		Hold:         edge.Hold,
		AllowOrigins: strings.Fields(strings.ReplaceAll(variable(originsBinding), ",", " ")),
		Log:          slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
}

// variable reads a binding; an absent one is empty, where the library would give the text "<undefined>".
func variable(name string) string {
	if v := cloudflare.GetBinding(name); v.Truthy() {
		return v.String()
	}
	return ""
}
