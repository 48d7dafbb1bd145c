// Package scope tells which URLs are protected: exact origin plus path prefix
// on a "/" boundary (CONTRACT §2, data-protect).
//
// It is the second check. The gate makes the first in the same tick and gives
// URLs as the browser's own parser has normalised them, origin + path (URL
// Standard); Go asks again before a token goes out. Comparison is therefore by
// bytes, and nothing is decoded: whoever decodes what the browser did not, sees
// another URL than the one that is requested. Both suites read
// testdata/vectors.json. Rejected: wildcards and regular expressions, for a
// forgotten anchor or dot sends tokens to somebody else's host.
package scope

import (
	"strings"

	"github.com/fetch401/fetch401/wasm/cut"
)

// List is a set of prefixes. The zero value matches nothing.
type List struct {
	prefixes []string
}

// New makes a List of newline-separated prefixes, each a normalised origin +
// path such as "https://api.example.com/v1", without query and fragment. A line
// that has no complete origin is left out, so that none can match every host.
func New(text string) List {
	var l List
	for text != "" {
		var prefix string
		prefix, text, _ = cut.At(text, '\n')
		scheme, rest, ok := cut.At(prefix, ':')
		if ok && scheme != "" && len(rest) > 2 && rest[:2] == "//" && rest[2] != '/' {
			l.prefixes = append(l.prefixes, prefix)
		}
	}
	return l
}

// Match tells whether url, a normalised origin + path without query and
// fragment, is below one of the prefixes. "https://h/api" covers "/api" and
// "/api/x" but not "/apix"; "https://h/api/" what begins with "/api/";
// "https://h/" the whole origin. Paths are case-sensitive.
func (l List) Match(url string) bool {
	for _, prefix := range l.prefixes {
		n := len(prefix)
		if strings.HasPrefix(url, prefix) &&
			(len(url) == n || prefix[n-1] == '/' || url[n] == '/') {
			return true
		}
	}
	return false
}
