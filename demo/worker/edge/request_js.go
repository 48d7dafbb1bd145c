package edge

import (
	"io"
	"net/http"
	"strings"
	"syscall/js"
)

// pickUp completes a request with its header and body.
//
// This is also what keeps header fields whole: syumai/workers v0.31.0 splits every value at its commas, also within
// quotes, so that a cookie "x,y" or the parameters of a challenge come apart.
func pickUp(r *http.Request) *http.Request {
	r.Header = parseFields(desk.Get("fields").String())
	r.Host = r.Header.Get("Host")
	r.TransferEncoding = nil
	r.ContentLength = int64(desk.Get("size").Int())
	r.Body = http.NoBody
	if r.ContentLength > 0 {
		r.Body = new(upload)
	}
	return r
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
	piece := desk.Call("read", len(p))
	if piece.IsNull() {
		return 0, io.EOF
	}
	return js.CopyBytesToGo(p, piece), nil
}

func (u *upload) Close() error {
	u.closed = true
	return nil
}
