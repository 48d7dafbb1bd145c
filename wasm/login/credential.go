package login

import "strings"

// carriesCredential tells whether query or fragment has a parameter that is a
// credential. It looks at the text as it is and after each further round of
// percent-decoding, so that it also sees "%63ode=", a router's "#/cb?code=",
// and the code in an address that is itself a parameter, however deep. Each
// round makes the text shorter, which ends the loop.
func carriesCredential(text string) bool {
	for {
		if namesCredential(text) {
			return true
		}
		decoded := decode(text)
		if len(decoded) == len(text) {
			return false
		}
		text = decoded
	}
}

// namesCredential looks for the names at every place where one can begin. A
// name without "=" has no value, so that "#code" stays a plain anchor.
func namesCredential(text string) bool {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		// "/" and "!" for routers that put a slash or a bang before the answer.
		case '?', '&', '#', ';', '/', '!':
			rest := text[i+1:]
			if strings.HasPrefix(rest, "code=") ||
				strings.HasPrefix(rest, "access_token=") ||
				strings.HasPrefix(rest, "id_token=") ||
				strings.HasPrefix(rest, "refresh_token=") {
				return true
			}
		}
	}
	return false
}

// decode undoes one round of percent-encoding; what is no valid escape stays.
func decode(text string) string {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '%' && i+2 < len(text) {
			high, low := hexValue(text[i+1]), hexValue(text[i+2])
			if high|low < 16 {
				c = high<<4 | low
				i += 2
			}
		}
		out = append(out, c)
	}
	return string(out)
}

// hexValue gives the value of a hexadecimal digit, and 16 for any other byte.
func hexValue(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}
