package login

import "github.com/fetch401/fetch401/wasm/cut"

// URL gives the login URL with the way back and the reason as query parameters,
// before its fragment. Other parameters keep their place and spelling; those of
// the same names are replaced, so that the login page never meets two. A
// parameter whose name or value is empty is not added.
func URL(loginURL, returnParam, reasonParam, returnTo, reason string) string {
	rest, fragment, hashed := cut.At(loginURL, '#')
	out, query, _ := cut.At(rest, '?')
	separator := "?"
	for query != "" {
		var pair string
		pair, query, _ = cut.At(query, '&')
		name, _, _ := cut.At(pair, '=')
		name = decode(name)
		if pair != "" && name != returnParam && name != reasonParam {
			out += separator + pair
			separator = "&"
		}
	}
	if returnParam != "" && returnTo != "" {
		out += separator + encode(returnParam) + "=" + encode(returnTo)
		separator = "&"
	}
	if reasonParam != "" && reason != "" {
		out += separator + encode(reasonParam) + "=" + encode(reason)
	}
	if hashed {
		out += "#" + fragment
	}
	return out
}

// encode percent-encodes all but the unreserved characters of RFC 3986 §2.3.
func encode(text string) string {
	const digits = "0123456789ABCDEF"
	out := make([]byte, 0, len(text)+16)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z', c == '-', c == '.', c == '_', c == '~':
			out = append(out, c)
		default:
			out = append(out, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(out)
}
