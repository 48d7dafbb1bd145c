package challenge

// The character classes are written out: strings.ToLower alone would cost more
// than this whole package in the shipped file.

func blank(c byte) bool { return c == ' ' || c == '\t' }

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func oneOf(set string, c byte) bool {
	for i := 0; i < len(set); i++ {
		if set[i] == c {
			return true
		}
	}
	return false
}

func skipBlanks(s string, i int) int {
	for i < len(s) && blank(s[i]) {
		i++
	}
	return i
}

// tokenEnd gives the end of the token at i (RFC 9110 §5.6.2); i if there is none.
func tokenEnd(s string, i int) int {
	for i < len(s) && (alphanumeric(s[i]) || oneOf("!#$%&'*+-.^_`|~", s[i])) {
		i++
	}
	return i
}

// token68End gives the end of the token68 at i (RFC 9110 §11.2); i if there is
// none. The text at i does not begin with "=".
func token68End(s string, i int) int {
	for i < len(s) && (alphanumeric(s[i]) || oneOf("-._~+/", s[i])) {
		i++
	}
	for i < len(s) && s[i] == '=' {
		i++
	}
	return i
}

func lower(s string) string {
	text := []byte(s)
	for i, c := range text {
		if c >= 'A' && c <= 'Z' {
			text[i] = c | 0x20
		}
	}
	return string(text)
}

// is compares a token with a lower-case word, whatever its case.
func is(token, word string) bool {
	if len(token) != len(word) {
		return false
	}
	for i := 0; i < len(word); i++ {
		// An underscore has the bit that small letters have already.
		if token[i] != word[i] && token[i]|0x20 != word[i] {
			return false
		}
	}
	return true
}
