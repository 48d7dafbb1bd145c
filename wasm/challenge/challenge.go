// Package challenge reads the WWW-Authenticate field of a 401 and judges
// whether a refresh can help (RFC 9110 §11.6.1, RFC 6750 §3, RFC 9470 §3).
//
// Reading is lenient where servers are known to be sloppy and where only one
// meaning is possible: blanks around "=", tabs, a comma after the scheme,
// empty list elements. What cannot be read is left out, never guessed. A quote
// in an unexpected place ends the reading, for after it nobody can tell what
// is inside a quoted string and what is a challenge; looking for scheme names
// in what follows would let a realm such as "Enter "Basic, Negotiate" here"
// pass for challenges. Rejected: one regular expression over the field (takes
// schemes out of quoted strings), and refusing the whole field for one bad
// parameter (loses the error code that comes before it).
//
// The package does not answer challenges and keeps no state.
package challenge

// Param is one auth-param of a challenge (RFC 9110 §11.2).
type Param struct {
	// Name is lower-cased: names of auth-params are case-insensitive.
	Name string
	// Value is without the quotes and escapes of a quoted-string, its case kept.
	Value string
}

// Challenge is one challenge of a WWW-Authenticate field (RFC 9110 §11.3).
type Challenge struct {
	// Scheme is lower-cased: auth-schemes are case-insensitive.
	Scheme string
	// Token68 is the base64-like text that some schemes use instead of
	// parameters; empty if there is none.
	Token68 string
	// Params are in the order of the field; nil if there are none.
	Params []Param
}

// Param gives the value of the named auth-param; name is in lower case. A name
// must occur only once in a challenge (RFC 9110 §11.2); where a server repeats
// it, the first counts.
func (c Challenge) Param(name string) (value string, ok bool) {
	for i := range c.Params {
		if c.Params[i].Name == name {
			return c.Params[i].Value, true
		}
	}
	return "", false
}
