package backend

import (
	"crypto/hmac"
	"strings"
)

const malformedPrefix = "malformed."

// malformed gives a thing that is no access token at all, yet lets the demo count the 401 that it causes on the right
// family's account: the mark at its end cannot be made up.
func (k Keys) malformed(family string) string {
	return malformedPrefix + family + "." + b64.EncodeToString(k.mac("malformed", []byte(family)))
}

// parseMalformed gives the family of a thing that malformed made, and none of any other.
func (k Keys) parseMalformed(text string) (family string, ok bool) {
	family, _, _ = strings.Cut(strings.TrimPrefix(text, malformedPrefix), ".")
	if !hmac.Equal([]byte(k.malformed(family)), []byte(text)) {
		return "", false
	}
	return family, true
}
