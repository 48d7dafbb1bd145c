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

func (k Keys) parseMalformed(text string) (family string, ok bool) {
	rest, ok := strings.CutPrefix(text, malformedPrefix)
	if !ok {
		return "", false
	}
	family, _, ok = strings.Cut(rest, ".")
	return family, ok && hmac.Equal([]byte(k.malformed(family)), []byte(text))
}
