package login

import "github.com/fetch401/fetch401/wasm/cut"

// words are the names of parameters that look like credentials, in small
// letters: with an equals sign the whole of a name, otherwise a part of it.
const words = "code= ticket= otp= assertion= token jwt secret password saml apikey api_key"

// carriesCredential tells whether query or fragment has a parameter that looks
// like a credential. It looks at the text as it is and after each further round
// of percent-decoding, so that it also sees "%63ode=", a router's "#/cb?code=",
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

// namesCredential looks for the words in each piece of the text that an equals
// sign ends. A name without one has no value, so that "#code" stays a plain
// anchor.
func namesCredential(text string) bool {
	atStart := true // a name can begin here
	found := false  // this one has a word in it
	for i := 0; i < len(text); i++ {
		for word, more := "", words; more != ""; {
			word, more, _ = cut.At(more, ' ')
			if !begins(text[i:], word) {
				continue
			}
			if word[len(word)-1] != '=' {
				found = true
			} else if atStart {
				return true
			}
		}
		atStart = false
		switch text[i] {
		case '=':
			if found {
				return true
			}
			atStart = true
		case '?', '&', '#', ';':
			atStart, found = true, false
		// For routers that put a slash or a bang before the answer.
		case '/', '!':
			atStart = true
		}
	}
	return false
}

// begins tells whether the text begins with the word, capitals of ASCII or not.
// strings.EqualFold would be three kilobytes of the shipped program.
func begins(text, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for i := 0; i < len(word); i++ {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != word[i] {
			return false
		}
	}
	return true
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
