// Package login makes the way back from the login page (CONTRACT §6).
//
// It builds text; it neither navigates nor reads the page, and putting the way
// back into the login URL is the URL parser's work, in the gate. It keeps query
// and fragment out of the way back as soon as they may hold a credential,
// rather than cutting out single parameters: a half-stripped authorization
// response (RFC 6749 §4.1.2) is of no use to the page, and one form of
// encoding overlooked would be a leak into logs and Referer headers.
package login

// Page is where the person is, by the members of window.location.
type Page struct {
	// Origin is scheme, host and port; "null" for an opaque origin.
	Origin string
	// Path begins with "/".
	Path string
	// Query begins with "?", or is empty.
	Query string
	// Fragment begins with "#", or is empty.
	Fragment string
}

// maxLength is in characters, which in a serialised URL are all ASCII.
const maxLength = 2000

// ReturnTo gives the address to come back to: path + query + fragment if the
// login page is on the same origin, else the same with the page's origin.
// Query and fragment are left out when a name in them looks like a credential,
// or when the whole exceeds 2,000 characters. A name does, in any case, that is
// code, ticket, otp or assertion, or has token, jwt, secret, password, saml,
// apikey or api_key in it: to be over-careful costs the person a query, to be
// careless their account.
//
// The result never leaves the origin: it begins with exactly one "/" (browsers
// take "//host" and "/\host" for another host) and has no control characters
// (browsers drop tabs and newlines before they parse).
func ReturnTo(p Page, sameOrigin bool) string {
	origin := p.Origin
	if sameOrigin || origin == "null" {
		origin = ""
	}
	extra := visible(p.Query + p.Fragment)
	whole := origin + rooted(visible(p.Path)+extra)
	if len(whole) > maxLength || carriesCredential(extra) {
		return origin + rooted(visible(p.Path))
	}
	return whole
}

// visible leaves out control characters.
func visible(text string) string {
	var clean []byte
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= ' ' && c != 0x7F {
			clean = append(clean, c)
		}
	}
	return string(clean)
}

// rooted gives the text exactly one leading slash.
func rooted(text string) string {
	for text != "" && (text[0] == '/' || text[0] == '\\') {
		text = text[1:]
	}
	return "/" + text
}
