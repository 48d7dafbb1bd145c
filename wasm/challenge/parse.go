package challenge

// Parse gives the challenges of a WWW-Authenticate field, in order; several
// fields are joined by ", ", as Headers.get does. An absent field is the empty
// string and has none. Malformed parts are left out: a parameter without its
// challenge, a challenge without its parameter.
func Parse(field string) []Challenge {
	var list []Challenge
	r := reader{field: field, whole: true}
	for r.next() {
		if r.scheme {
			list = append(list, Challenge{Scheme: lower(r.name), Token68: r.value})
			continue
		}
		last := &list[len(list)-1]
		last.Params = append(last.Params, Param{lower(r.name), r.value})
	}
	return list
}

// reader reads a field element by element, without keeping any of it.
type reader struct {
	field string
	at    int
	// whole tells that all so far could be read. If not, there may be
	// challenges that were passed over.
	whole bool
	// open tells that parameters belong to the last challenge. One with a
	// token68 takes none, and after an element that is neither scheme nor
	// parameter, nobody knows whose the next are.
	open bool
	// inside tells that a scheme is behind in this very element, so that what
	// comes is its parameter or nothing.
	inside bool
	// scheme tells that the element is a challenge's scheme, and value its
	// token68 if it has one; otherwise it is a parameter of that challenge.
	scheme      bool
	name, value string
}

// next reads the next scheme or parameter, and returns false at the end.
func (r *reader) next() bool {
	for {
		field, i := r.field, r.at
		for i < len(field) && (blank(field[i]) || field[i] == ',') {
			i++
		}
		if i == len(field) {
			return false
		}
		word := tokenEnd(field, i)
		at := skipBlanks(field, word)
		r.name, r.value = field[i:word], ""
		inside := r.inside
		r.inside = false
		if word > i && at < len(field) && field[at] == '=' {
			if r.param(at+1) && r.open {
				r.scheme = false
				return true
			}
			r.whole = false
			continue
		}
		if inside || word == i || at == word && !ends(field, at) {
			r.open, r.whole = inside, false
			r.at = resync(field, i)
			continue
		}
		r.scheme, r.open = true, true
		r.at = at
		if !ends(field, at) {
			if end := token68End(field, at); end > at && ends(field, end) {
				r.value = field[at:end]
				r.open = false
				r.at = end
			} else {
				r.inside = true
			}
		}
		return true
	}
}

// param reads the value of the auth-param from i, behind its "=".
func (r *reader) param(i int) bool {
	field := r.field
	i = skipBlanks(field, i)
	end := tokenEnd(field, i)
	if i < len(field) && field[i] == '"' {
		r.value, end = unquote(field, i)
		if end < 0 || !ends(field, end) {
			r.at = len(field)
			return false
		}
	} else {
		if end == i || !ends(field, end) {
			r.at = resync(field, i)
			return false
		}
		r.value = field[i:end]
	}
	r.at = end
	return true
}

// unquote reads the quoted-string (RFC 9110 §5.6.4) that opens at i; end is
// negative if it never closes.
func unquote(field string, i int) (value string, end int) {
	i++
	start := i
	var text []byte
	for ; i < len(field); i++ {
		switch field[i] {
		case '"':
			return string(text) + field[start:i], i + 1
		case '\\':
			text = append(text, field[start:i]...)
			i++
			start = i
		}
	}
	return "", -1
}

// resync gives the next comma, or the end of the field if a quote comes first.
func resync(field string, i int) int {
	for i < len(field) && field[i] != ',' {
		if field[i] == '"' {
			return len(field)
		}
		i++
	}
	return i
}

// ends tells whether nothing but blanks is left of the list element.
func ends(field string, i int) bool {
	i = skipBlanks(field, i)
	return i == len(field) || field[i] == ','
}
