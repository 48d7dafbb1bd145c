//go:build !js

package main

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func get(t *testing.T, h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var (
	built = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tree  = fstest.MapFS{
		"index.html":         {Data: []byte("<!doctype html>"), ModTime: built},
		"login.html":         {Data: []byte("sign in"), ModTime: built},
		"deep/index.html":    {Data: []byte("deep"), ModTime: built},
		"fetch401.js":        {Data: []byte("plain"), ModTime: built},
		"fetch401.js.br":     {Data: []byte("as br"), ModTime: built},
		"fetch401.js.gz":     {Data: []byte("as gzip"), ModTime: built},
		"fetch401.mjs":       {Data: []byte("fresh"), ModTime: built},
		"fetch401.mjs.br":    {Data: []byte("stale"), ModTime: built.Add(-time.Second)},
		"fetch401.wasm":      {Data: []byte("\x00asm"), ModTime: built},
		"fetch401.d.ts":      {Data: []byte("export {}"), ModTime: built},
		"data.bin":           {Data: []byte("?"), ModTime: built},
		".secret":            {Data: []byte("no"), ModTime: built},
		".git/config":        {Data: []byte("no"), ModTime: built},
		"folder.js":          {Mode: fs.ModeDir},
		"style.css":          {Data: []byte("a{}"), ModTime: built},
		"unpacked.js":        {Data: []byte("plain"), ModTime: built},
		"unpacked.js.gz/x":   {Data: []byte("a folder, not a neighbour"), ModTime: built},
		"deep/..data/hidden": {Data: []byte("no"), ModTime: built},
	}
)

func TestFilesAndTheirTypes(t *testing.T) {
	f := files{root: tree, missing: "gone"}
	for path, want := range map[string]struct{ body, kind string }{
		"/":              {"<!doctype html>", "text/html; charset=utf-8"},
		"/index.html":    {"<!doctype html>", "text/html; charset=utf-8"},
		"/login":         {"sign in", "text/html; charset=utf-8"},
		"/deep/":         {"deep", "text/html; charset=utf-8"},
		"/fetch401.js":   {"plain", "text/javascript; charset=utf-8"},
		"/fetch401.mjs":  {"fresh", "text/javascript; charset=utf-8"},
		"/fetch401.wasm": {"\x00asm", "application/wasm"},
		"/fetch401.d.ts": {"export {}", "text/plain; charset=utf-8"},
		"/style.css":     {"a{}", "text/css; charset=utf-8"},
		"/data.bin":      {"?", "application/octet-stream"},
		"/unpacked.js":   {"plain", "text/javascript; charset=utf-8"},
	} {
		w := get(t, f, path)
		if w.Code != 200 || w.Body.String() != want.body || w.Header().Get("Content-Type") != want.kind {
			t.Errorf("%s: %d %q %s", path, w.Code, w.Body, w.Header().Get("Content-Type"))
		}
		for name, value := range pageHeaders {
			if w.Header().Get(name) != value {
				t.Errorf("%s: %s is %q", path, name, w.Header().Get(name))
			}
		}
		if w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: headers %v", path, w.Header())
		}
	}
}

func TestContentSecurityPolicy(t *testing.T) {
	const want = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; frame-ancestors 'self'; " +
		"base-uri 'none'; form-action 'self'"
	if got := get(t, files{root: tree}, "/").Header().Get("Content-Security-Policy"); got != want {
		t.Errorf("policy %q", got)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	f := files{root: tree, missing: "gone"}
	for _, path := range []string{
		"/nothing", "/.secret", "/.git/config", "/deep", "/folder.js", "/deep/..data/hidden", "/../index.html",
		"/deep/../index.html", "//index.html", "/index.html/", "/login.html.html", "/\x00", "/deep//",
	} {
		r := &http.Request{Method: "GET", Header: http.Header{}}
		r.URL = httptest.NewRequest("GET", "/", nil).URL
		r.URL.Path = path
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		if w.Code != 404 || !strings.Contains(w.Body.String(), "gone") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %d %q", path, w.Code, w.Body)
		}
	}
	r := httptest.NewRequest("POST", "/", nil)
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestCompressedNeighbours(t *testing.T) {
	f := files{root: tree}
	for accept, want := range map[string]string{
		"":                         "plain",
		"gzip, deflate, br":        "as br",
		"gzip":                     "as gzip",
		"br;q=0, gzip":             "as gzip",
		"BR":                       "as br",
		"br;q=0.0, gzip; q=0":      "plain",
		"*":                        "as br",
		"*;q=0":                    "plain",
		"identity":                 "plain",
		"*, br;q=0":                "as gzip",
		"br;q=broken":              "plain",
		"compress, gzip;q=0.5,   ": "as gzip",
	} {
		w := get(t, f, "/fetch401.js", "Accept-Encoding", accept)
		encoding := strings.TrimPrefix(strings.TrimPrefix(want, "plain"), "as ")
		if w.Body.String() != want || w.Header().Get("Content-Encoding") != encoding ||
			w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%q: %q as %q", accept, w.Body, w.Header().Get("Content-Encoding"))
		}
	}
	if w := get(t, f, "/fetch401.mjs", "Accept-Encoding", "br"); w.Body.String() != "fresh" {
		t.Error("a neighbour older than its file was sent")
	}
}

func TestETags(t *testing.T) {
	f := files{root: tree}
	tags := map[string]bool{}
	for _, accept := range []string{"", "gzip", "br"} {
		w := get(t, f, "/fetch401.js", "Accept-Encoding", accept)
		tag := w.Header().Get("ETag")
		if tag == "" || tags[tag] {
			t.Errorf("%q: ETag %q", accept, tag)
		}
		tags[tag] = true
		again := get(t, f, "/fetch401.js", "Accept-Encoding", accept, "If-None-Match", tag)
		if again.Code != 304 || again.Body.Len() != 0 || again.Header().Get("ETag") != tag {
			t.Errorf("%q: %d with its own ETag", accept, again.Code)
		}
		if other := get(t, f, "/fetch401.js", "Accept-Encoding", accept, "If-None-Match", `"x"`); other.Code != 200 {
			t.Errorf("%q: %d with another ETag", accept, other.Code)
		}
	}
}

// Building again, or for the first time, needs no restart.
func TestSiteSeesANewBuild(t *testing.T) {
	dir := t.TempDir()
	page, dist := filepath.Join(dir, "page"), filepath.Join(dir, "dist")
	h, err := site(page, dist)
	if err != nil {
		t.Fatal(err)
	}
	if w := get(t, h, "/fetch401/fetch401.js"); w.Code != 404 || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("unbuilt: %d %s", w.Code, w.Body)
	}
	for _, d := range []string{page, dist} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, body := range []string{"one", "two"} {
		if err := os.WriteFile(filepath.Join(dist, "fetch401.js"), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
		if w := get(t, h, "/fetch401/fetch401.js"); w.Body.String() != body {
			t.Errorf("%d %q, want %q", w.Code, w.Body, body)
		}
	}
	if err := os.WriteFile(filepath.Join(page, "index.html"), []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	if w := get(t, h, "/"); w.Body.String() != "hello" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	embedded, err := site("", dist)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(public, "public/index.html"); err == nil && get(t, embedded, "/").Code != 200 {
		t.Error("the embedded page is not served")
	}
}

func FuzzFiles(f *testing.F) {
	f.Add("/", "br")
	f.Add("/../.secret", "*;q=0")
	f.Add("/deep/..data/hidden", "gzip;q=1, br; q = 0")
	h := files{root: tree}
	f.Fuzz(func(t *testing.T, path, accept string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = path
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 404 || w.Body.String() == "no" {
			t.Errorf("%q: %d %q", path, w.Code, w.Body)
		}
	})
}
