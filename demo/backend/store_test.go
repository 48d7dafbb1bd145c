//go:build !js

package backend

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// testKeys are those of a fixed secret.
func testKeys(t testing.TB) Keys {
	t.Helper()
	keys, err := DeriveKeys([]byte("a secret for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// hashed is what the store gets of a token.
func hashed(k Keys, t refreshToken) string { return hashOf(k.text(t)) }

func openStore(t *testing.T, path string) store {
	t.Helper()
	db, err := OpenSQLite(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return store{db: db, grace: GraceWindow}
}

const testNow = 1_772_366_400_000

func newFamily(t *testing.T, s store, k Keys) refreshToken {
	t.Helper()
	first := refreshToken{carrier: inBody, family: newFamilyID()}
	f := family{ID: first.family, Subject: demoUser, Mode: modeBearer, Lifetime: 30}
	if err := s.create(t.Context(), f, hashed(k, first), testNow+sessionLife.Milliseconds(), testNow); err != nil {
		t.Fatal(err)
	}
	return first
}

// What has begun is finished when the client has gone: its next try must not meet half of it.
func TestStatementsOutliveTheirClient(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	token := newFamily(t, s, keys)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := s.rotate(gone, token.family, hashed(keys, token), hashed(keys, token.successor()), testNow)
	if err != nil || r.outcome != rotated {
		t.Fatalf("outcome %v, %v", r.outcome, err)
	}
	_, found, recorded := s.record(gone, token.family, false, 0, testNow)
	_, counted := s.counts(gone, token.family, testNow)
	created := s.create(gone, family{ID: newFamilyID()}, "x", testNow+1, testNow)
	if err := errors.Join(recorded, counted, created, s.end(gone, token.family, testNow)); err != nil || !found {
		t.Fatal(err)
	}
}

// A copy of the database is no set of keys: nothing in it opens a session.
func TestDatabaseHoldsNoToken(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	token := newFamily(t, s, keys)
	next := token.successor()
	if _, err := s.rotate(t.Context(), token.family, hashed(keys, token), hashed(keys, next), testNow); err != nil {
		t.Fatal(err)
	}
	rows, err := s.db.Query(`SELECT * FROM families`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	for rows.Next() {
		cells := make([]any, len(names))
		for i := range cells {
			cells[i] = new(sql.NullString)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		for i, cell := range cells {
			text := cell.(*sql.NullString).String
			for _, held := range []refreshToken{token, next, next.successor()} {
				if secret := keys.text(held)[36:]; strings.Contains(text, secret) || len(text) > 8 && strings.Contains(secret, text) {
					t.Errorf("column %s holds part of a token", names[i])
				}
			}
		}
	}
}

func TestSchemaCanRunAgain(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	token := newFamily(t, s, keys)
	if _, err := s.db.Exec(Schema); err != nil {
		t.Fatal(err)
	}
	if _, err := s.counts(t.Context(), token.family, testNow); err != nil {
		t.Fatal(err)
	}
}

func TestSessionsSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.sqlite")
	keys := testKeys(t)
	first := openStore(t, path)
	token := newFamily(t, first, keys)
	first.db.Close()
	r, err := openStore(t, path).rotate(t.Context(), token.family, hashed(keys, token), hashed(keys, token.successor()), testNow)
	if err != nil || r.outcome != rotated {
		t.Fatalf("outcome %v, %v", r.outcome, err)
	}
}

func TestSQLiteWithoutAFileStaysInMemory(t *testing.T) {
	var journal string
	if err := openStore(t, "").db.QueryRow("PRAGMA journal_mode").Scan(&journal); err != nil || journal != "memory" {
		t.Errorf("its journal is %q, %v", journal, err)
	}
}

func TestSQLiteKeepsWhatItWasToldInAFile(t *testing.T) {
	s := openStore(t, filepath.Join(t.TempDir(), "demo.sqlite"))
	for pragma, want := range map[string]string{"busy_timeout": "5000", "journal_mode": "wal", "synchronous": "1"} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v", pragma, got, err)
		}
	}
}

func TestSQLiteNeedsItsFolder(t *testing.T) {
	if db, err := OpenSQLite(filepath.Join(t.TempDir(), "no", "such", "folder", "x")); err == nil {
		db.Close()
		t.Fatal("no error")
	}
}

// A broken database is a 500 that says nothing, and a log line that says what.
func TestBrokenDatabase(t *testing.T) {
	db, err := OpenSQLite("")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	h, err := New(Config{DB: db, Keys: testKeys(t), Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	token := newFamily(t, h.store, h.keys)
	access, err := h.keys.sign(family{ID: token.family, Lifetime: 30}, h.millis())
	if err != nil {
		t.Fatal(err)
	}
	cookie := refreshToken{carrier: inCookie, family: token.family}
	db.Close()
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/auth/login", "user=demo&password=demo"}, {"POST", "/auth/refresh", ""}, {"POST", "/auth/logout", ""},
		{"POST", "/oauth/token", "grant_type=refresh_token&client_id=demo&refresh_token=" + h.keys.text(token)},
		{"GET", "/api/hello", ""}, {"GET", "/api/slow?ms=0", ""}, {"GET", "/api/scope", ""}, {"GET", "/api/basic", ""},
		{"POST", "/api/echo", ""}, {"POST", "/demo/expire", ""}, {"POST", "/demo/malform", ""}, {"GET", "/demo/counts", ""},
		{"POST", "/demo/revoke", ""}, {"POST", "/demo/counts/reset", ""}, {"POST", "/demo/down", "seconds=1&what=api"},
		{"POST", "/demo/down", "seconds=1&what=refresh"}, {"POST", "/demo/down", "seconds=1&what=all"},
	} {
		log.Reset()
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: refreshCookie, Value: h.keys.text(cookie)})
		if !strings.HasPrefix(c.path, "/oauth") {
			r.Header.Set("Authorization", "Bearer "+access)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 500 || strings.Contains(w.Body.String(), "closed") || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", c.path, w.Code, w.Body)
		}
		if !json.Valid(w.Body.Bytes()) || len(w.Header()["Set-Cookie"]) > 0 {
			t.Errorf("%s: more than one answer: %v %s", c.path, w.Header(), w.Body)
		}
		if !strings.Contains(log.String(), "database is closed") {
			t.Errorf("%s: the log says %q", c.path, log.String())
		}
		for _, secret := range []string{access, h.keys.text(token), h.keys.text(cookie)} {
			if strings.Contains(log.String(), secret) || strings.Contains(w.Body.String(), secret) {
				t.Errorf("%s: a token leaked", c.path)
			}
		}
	}
}

// What the server did not make never reaches the database: whoever sends it costs no statement.
func TestForgeriesCostNoStatement(t *testing.T) {
	s := openStore(t, "")
	s.db.Close()
	h, err := New(Config{DB: s.db, Keys: testKeys(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path string
		status       int
	}{{"GET", "/api/hello", 401}, {"GET", "/api/basic", 401}, {"GET", "/demo/counts", 401}, {"POST", "/auth/logout", 204}} {
		for _, token := range []string{"", "made.up.altogether", "malformed." + newFamilyID() + "." + newFamilyID()} {
			r := httptest.NewRequest(c.method, c.path, nil)
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, r); w.Code != c.status {
				t.Errorf("%s with %q: %d %s", c.path, token, w.Code, w.Body)
			}
		}
	}
}

func TestPanicCostsOneRequest(t *testing.T) {
	var log bytes.Buffer
	h := &Handler{log: slog.New(slog.NewTextHandler(&log, nil)), allow: map[string]bool{"http://x.example": true}}
	boom := h.dynamic("GET", func(http.ResponseWriter, *http.Request) { panic("boom") })
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Origin", "http://x.example")
	boom.ServeHTTP(w, r)
	if w.Code != 500 || w.Header().Get("Access-Control-Allow-Origin") == "" || w.Header().Get("Server-Timing") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if !strings.Contains(log.String(), "boom") || strings.Contains(w.Body.String(), "boom") {
		t.Errorf("log %q, body %q", log.String(), w.Body)
	}
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("recovered %v", p)
		}
	}()
	h.dynamic("GET", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }).ServeHTTP(w, r)
}

func TestConfigIsChecked(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	if _, err := DeriveKeys([]byte("fifteen letters")); err == nil {
		t.Error("a short secret passed")
	}
	if _, err := DeriveKeys([]byte("sixteen letters.")); err != nil {
		t.Error(err)
	}
	for _, c := range []Config{
		{Keys: keys}, {DB: s.db},
		{DB: s.db, Keys: keys, Grace: -1},
		{DB: s.db, Keys: keys, AllowOrigins: []string{"https://app.example/"}},
		{DB: s.db, Keys: keys, AllowOrigins: []string{"*"}},
		{DB: s.db, Keys: keys, AllowOrigins: []string{"https://user@app.example"}},
		{DB: s.db, Keys: keys, AllowOrigins: []string{""}},
		{DB: s.db, Keys: keys, AllowOrigins: []string{"https://"}},
		{DB: s.db, Keys: keys, AllowOrigins: []string{"app.example"}},
		{DB: s.db, Keys: keys, AllowOrigins: []string{"https://app.example:port"}},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("passed: %+v", c)
		}
	}
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "page "+r.URL.Path) })
	h, err := New(Config{DB: s.db, Keys: keys, Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/login", nil))
	if w.Body.String() != "page /login" {
		t.Errorf("pages answered %q", w.Body)
	}
	// What fails is nobody's to hear without a Log, and no reason to fail once more.
	s.db.Close()
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/auth/login", strings.NewReader("user=demo&password=demo"))
	r.Header.Set("Content-Type", formType)
	if h.ServeHTTP(w, r); w.Code != 500 {
		t.Errorf("status %d", w.Code)
	}
}
