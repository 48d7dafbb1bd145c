package challenge

// Verdict tells what a 401 with this field calls for (CONTRACT §4).
type Verdict uint8

const (
	// Refreshable is a plain 401: a refresh may help.
	Refreshable Verdict = iota
	// InsufficientScope: the credentials are good and are refused all the
	// same (RFC 6750 §3.1). Neither a refresh nor a login changes that.
	InsufficientScope
	// StepUp: the person has to authenticate anew or more strongly
	// (RFC 9470 §3). Only a login helps.
	StepUp
	// Foreign: the server asks only for credentials that are not ours to give.
	Foreign
)

// Judge reads a WWW-Authenticate field, as Parse does, and tells what the 401
// calls for. With bearer, credentials are an access token, and every scheme but
// Bearer is foreign; without, they are a cookie, and Basic, Digest, Negotiate
// and NTLM are.
//
// Challenges are alternatives: a client may satisfy any of them (RFC 9110
// §11.6.1). So a refresh is ruled out only if every challenge that is not
// foreign rules it out by its error code: one without error, with another code
// (invalid_token, say) or with one that could not be read makes it Refreshable.
// Among those that rule it out a step-up wins, for then a login satisfies one
// of them. An absent field is a plain 401, and so is one that is only foreign
// as far as it could be read.
//
// Error codes compare exactly (RFC 6750 §3.1 defines them in lower case).
func Judge(field string, bearer bool) Verdict {
	verdict := Foreign
	r := reader{field: field, whole: true}
	any, ours, code := false, false, ""
	for more := true; more; {
		more = r.next()
		if more && !r.scheme {
			if code == "" && is(r.name, "error") {
				code = r.value
				if code == "" {
					code = "?"
				}
			}
			continue
		}
		if ours {
			switch code {
			case "insufficient_user_authentication":
				verdict = StepUp
			case "insufficient_scope":
				if verdict == Foreign {
					verdict = InsufficientScope
				}
			default:
				return Refreshable
			}
		}
		if more {
			any, ours, code = true, !foreign(r.name, bearer), ""
		}
	}
	if verdict == Foreign && !(any && r.whole) {
		return Refreshable
	}
	return verdict
}

func foreign(scheme string, bearer bool) bool {
	if bearer {
		return !is(scheme, "bearer")
	}
	return is(scheme, "basic") || is(scheme, "digest") || is(scheme, "negotiate") || is(scheme, "ntlm")
}
