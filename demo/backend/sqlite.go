//go:build !js

package backend

import (
	"database/sql"
	"fmt"
	"net/url"

	_ "modernc.org/sqlite" // registers the "sqlite" driver
)

// OpenSQLite opens the store natively and creates its tables. An empty path keeps everything in memory.
//
// One connection is enough, since SQLite writes one statement at a time anyway, and it is what keeps a database in
// memory alive.
func OpenSQLite(path string) (*sql.DB, error) {
	source := ":memory:"
	if path != "" {
		source = (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: url.Values{
			"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)"},
		}.Encode()}).String()
	}
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, fmt.Errorf("backend: open SQLite: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(Schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("backend: create the tables in %q: %w", source, err)
	}
	return db, nil
}
