package grant

// Classify says what the answer of an exchange means, and the code for the
// event `refreshfailed`; the code is None if and only if the class is Renewed.
//
// RFC 6749 §5.1 requires token_type. An absent one is taken as Bearer all the
// same, for each kind: endpoints that leave it out issue bearer tokens, and a
// token of another type (RFC 9449's DPoP, say) has to say so to be usable.
func Classify(kind Kind, a Answer) (Class, Error) {
	if kind == App {
		return classifyApp(a)
	}
	session := kind == Cookie || kind == Attach
	code, known := registered(a.Error)
	if !known {
		code = HTTPError
	}
	switch status := a.Status; {
	case a.Redirect || redirects(status):
		if session {
			return Final, Redirected
		}
		return Fault, Redirected
	case status == 0:
		return Transient, NetworkError
	case status >= 400 && status <= 499 && code == InvalidGrant:
		return Final, InvalidGrant
	case status == 408 || status == 425 || status == 429 || status >= 500 && status <= 599:
		return Transient, code
	case session && (status == 401 || status == 403) && !known:
		return Final, HTTPError
	case status < 200 || status > 299:
		return Fault, code
	case kind == Cookie:
		return Renewed, None
	}
	switch {
	case !a.AccessToken && known:
		return Fault, code
	case !a.Parsed:
		return Fault, Unparsable
	case !a.AccessToken:
		return Fault, NoAccessToken
	case a.TokenType != "" && !isBearer(a.TokenType):
		return Fault, WrongTokenType
	}
	return Renewed, None
}

func classifyApp(a Answer) (Class, Error) {
	if !a.Failed {
		return Renewed, None
	}
	code, known := registered(a.Error)
	if !known {
		code = AppError
	}
	if a.Final {
		return Final, code
	}
	return Transient, code
}

// registered gives the code of RFC 6749 §5.2 that the text is, exactly.
func registered(text string) (code Error, ok bool) {
	switch code = Error(text); code {
	case InvalidRequest, InvalidClient, InvalidGrant, UnauthorizedClient, UnsupportedGrantType, InvalidScope:
		return code, true
	}
	return None, false
}

// redirects tells the redirect statuses of the Fetch Standard.
func redirects(status int) bool {
	return status >= 301 && status <= 303 || status == 307 || status == 308
}

// isBearer compares without case (RFC 6749 §5.1: token_type is case-insensitive).
func isBearer(text string) bool {
	const want = "bearer"
	if len(text) != len(want) {
		return false
	}
	for i := 0; i < len(want); i++ {
		if text[i]|0x20 != want[i] {
			return false
		}
	}
	return true
}
