package edge

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unsafe"
)

// pickUp takes the request from the desk.
func pickUp(l laid) (*http.Request, error) {
	lines := make([]byte, l.head)
	head(unsafe.SliceData(lines))
	method, rest, _ := strings.Cut(string(lines), "\n")
	address, rest, _ := strings.Cut(rest, "\n")
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("edge: the request's URL: %w", err)
	}
	r := &http.Request{Method: method, URL: u, Header: parseFields(rest), Body: http.NoBody, ContentLength: int64(l.body)}
	r.Host = r.Header.Get("Host")
	if l.body > 0 {
		r.Body = new(upload)
	}
	return r, nil
}

// parseFields reads lines of names and values in turn. Neither can hold a line break.
func parseFields(lines string) http.Header {
	h := http.Header{}
	for lines != "" {
		var name, value string
		name, lines, _ = strings.Cut(lines, "\n")
		value, lines, _ = strings.Cut(lines, "\n")
		h.Add(name, value)
	}
	return h
}

// upload reads the body on the desk. All of it has arrived, so nothing is waited for.
type upload struct{ closed bool }

func (u *upload) Read(p []byte) (int, error) {
	if u.closed {
		// The next request's body may lie there by now.
		return 0, http.ErrBodyReadAfterClose
	}
	if len(p) == 0 {
		return 0, nil
	}
	n := read(unsafe.SliceData(p), int32(min(len(p), 1<<30)))
	if n == 0 {
		return 0, io.EOF
	}
	return int(n), nil
}

func (u *upload) Close() error {
	u.closed = true
	return nil
}
