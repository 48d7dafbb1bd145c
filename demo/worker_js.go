//go:build js

package main

import (
	"database/sql"
	"log/slog"
	"os"
	"strings"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"
	_ "github.com/syumai/workers/cloudflare/d1" // registers the "d1" driver

	"github.com/fetch401/fetch401/demo/backend"
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
		// Nothing can be served without its bindings; the runtime shows this in its log and answers 500.
		panic(err)
	}
	workers.Serve(handler)
}

func open() (*backend.Handler, error) {
	db, err := sql.Open("d1", databaseBinding)
	if err != nil {
		return nil, err
	}
	keys, err := backend.DeriveKeys([]byte(variable(secretBinding)))
	if err != nil {
		return nil, err
	}
	return backend.New(backend.Config{
		DB:           db,
		Keys:         keys,
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
