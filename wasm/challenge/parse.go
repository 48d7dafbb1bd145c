package challenge

// Parse gives the challenges of a WWW-Authenticate field, in order; several
// fields are joined by ", ", as Headers.get does. An absent field is the empty
// string and has none. Malformed parts are left out: a parameter without its
// challenge, a challenge without its parameter.
func Parse(field string) []Challenge {
	list, _ := read(field)
	return list
}

// read also tells whether all of the field could be read. If not, there may be
// challenges that the list does not show.
func read(field string) (list []Challenge, whole bool) {
	whole = true
	// A challenge with a token68 takes no parameters, and after an element
	// that is neither scheme nor parameter, nobody knows whose the next are.
	takesParams := false
	for i := 0; ; {
		for i < len(field) && (blank(field[i]) || field[i] == ',') {
			i++
		}
		if i == len(field) {
			return list, whole
		}
		word := tokenEnd(field, i)
		at := skipBlanks(field, word)
		isParam := at < len(field) && field[at] == '='
		switch {
		case word == i || !isParam && at == word && !ends(field, at):
			takesParams, whole = false, false
			i = resync(field, i)
			continue
		case !isParam:
			list = append(list, Challenge{Scheme: lower(field[i:word])})
			takesParams = true
			i = at
			if ends(field, i) {
				continue
			}
			if end := token68End(field, i); end > i && ends(field, end) {
				list[len(list)-1].Token68 = field[i:end]
				takesParams = false
				i = end
				continue
			}
		}
		p, next, ok := readParam(field, i)
		if ok && takesParams {
			last := &list[len(list)-1]
			last.Params = append(last.Params, p)
		} else {
			whole = false
		}
		i = next
	}
}

// readParam reads the auth-param at i, and gives where the next element starts.
func readParam(field string, i int) (p Param, next int, ok bool) {
	end := tokenEnd(field, i)
	at := skipBlanks(field, end)
	if end == i || at == len(field) || field[at] != '=' {
		return p, resync(field, i), false
	}
	p.Name = lower(field[i:end])
	at = skipBlanks(field, at+1)
	if at < len(field) && field[at] == '"' {
		p.Value, end = unquote(field, at)
		if end < 0 || !ends(field, end) {
			return p, len(field), false
		}
		return p, end, true
	}
	end = tokenEnd(field, at)
	if end == at || !ends(field, end) {
		return p, resync(field, at), false
	}
	p.Value = field[at:end]
	return p, end, true
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
