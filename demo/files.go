//go:build !js

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// contentTypes is spelled out because the system's table differs from machine to machine, and a wrong type stops a
// module or the WASM from loading.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".ico":   "image/x-icon",
	".jpg":   "image/jpeg",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".map":   "application/json",
	".mjs":   "text/javascript; charset=utf-8",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".ts":    "text/plain; charset=utf-8",
	".txt":   "text/plain; charset=utf-8",
	".wasm":  "application/wasm",
	".webp":  "image/webp",
	".woff2": "font/woff2",
}

// pageHeaders allow what the demo needs and no more: 'wasm-unsafe-eval' is what compiling WebAssembly takes.
var pageHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
		"frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Permissions-Policy":         "camera=(), geolocation=(), microphone=()",
	"Referrer-Policy":            "same-origin",
	"X-Content-Type-Options":     "nosniff",
	"X-Frame-Options":            "SAMEORIGIN",
}

// files serves one folder. Files are read at every request, so that a rebuilt one is seen at once; a file that has a
// .br or .gz neighbour, no older than itself, is sent compressed to who takes that.
type files struct {
	root fs.FS
	// missing is what a 404 says.
	missing string
}

func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	for name, value := range pageHeaders {
		head.Set(name, value)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		head.Set("Allow", "GET, HEAD")
		http.Error(w, "this path takes GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	name, info, ok := f.find(r.URL.Path)
	if !ok {
		head.Set("Cache-Control", "no-store")
		http.Error(w, f.missing, http.StatusNotFound)
		return
	}
	head.Add("Vary", "Accept-Encoding")
	chosen := name
	for _, c := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		packed, err := fs.Stat(f.root, name+c.suffix)
		if err == nil && packed.Mode().IsRegular() && !packed.ModTime().Before(info.ModTime()) && accepts(r, c.encoding) {
			chosen = name + c.suffix
			head.Set("Content-Encoding", c.encoding)
			break
		}
	}
	body, err := fs.ReadFile(f.root, chosen)
	if err != nil {
		// The build replaced the file between the two looks.
		head.Del("Content-Encoding")
		http.Error(w, f.missing, http.StatusNotFound)
		return
	}
	sum := sha256.Sum256(body)
	head.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	head.Set("Cache-Control", "no-cache")
	kind := contentTypes[path.Ext(name)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	head.Set("Content-Type", kind)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// find maps a URL path to a file: a folder means its index.html, and /login may be login.html.
func (f files) find(urlPath string) (name string, info fs.FileInfo, ok bool) {
	name = strings.TrimPrefix(urlPath, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	// What climbs out or is no clean path, the file system refuses itself; dot files are there for other reasons.
	if strings.Contains("/"+name, "/.") {
		return "", nil, false
	}
	for _, candidate := range []string{name, name + ".html"} {
		if info, err := fs.Stat(f.root, candidate); err == nil && info.Mode().IsRegular() {
			return candidate, info, true
		}
	}
	return "", nil, false
}

// accepts reads Accept-Encoding (RFC 9110 §12.5.3) as far as a choice of two encodings needs it.
func accepts(r *http.Request, encoding string) bool {
	star := false
	for _, item := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, weight, _ := strings.Cut(item, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding == encoding {
			return !zero(weight)
		}
		if coding == "*" {
			star = !zero(weight)
		}
	}
	return star
}

func zero(weight string) bool {
	name, value, _ := strings.Cut(strings.TrimSpace(weight), "=")
	if strings.TrimSpace(name) != "q" {
		return false
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return err != nil || q == 0
}
