// Package grant says what the answer to an exchange means: renewed, ended for
// good, not now, or wrongly configured (CONTRACT §5; RFC 6749 §5.1, §5.2, §6).
//
// It judges facts that the gate has read and never sees a token. It refuses to
// pass on text that the server wrote: an `error` that RFC 6749 §5.2 does not
// define may hold anything, so events carry a word of ours instead. Rejected:
// taking every 4xx as the end of the session (a misspelt client_id would log
// everybody out), and taking an unknown `error` as final (at a token endpoint
// only invalid_grant speaks about the refresh token).
package grant

import "github.com/fetch401/fetch401/wasm/protocol"

// Kind tells which exchange was made.
type Kind uint8

const (
	// Cookie is the session-mode POST that renews a cookie; any 2xx will do.
	Cookie Kind = protocol.KindCookie
	// Attach is the session-mode POST whose JSON answer carries an access token.
	Attach Kind = protocol.KindAttach
	// Token is the refresh_token grant at a token endpoint (RFC 6749 §6).
	Token Kind = protocol.KindToken
	// App is the app's own function, given with refreshWith.
	App Kind = protocol.KindApp
)

// Answer is what the gate read of the answer. The zero value is a network error.
type Answer struct {
	// Status is the HTTP status; 0 if there was no answer, and for App.
	Status int
	// Redirect: the answer was an opaque redirect, whose status reads as 0.
	Redirect bool
	// Error is the member `error` of the JSON body, verbatim, if it is a
	// string; else empty. For App, the member `error` or `code` of the
	// rejection, if the gate reads one.
	Error string
	// Final: App was rejected with an error that has final: true.
	Final bool
	// Failed: App was rejected. Without it App was resolved.
	Failed bool
	// Parsed: the body was a JSON object.
	Parsed bool
	// AccessToken: the body has an access_token that can stand in an
	// Authorization field: a string, not empty, of visible ASCII characters.
	AccessToken bool
	// TokenType is the member `token_type`; empty if absent. One that is no
	// string is any text but "Bearer".
	TokenType string
}

// Class is what an answer means for the session.
type Class uint8

const (
	// Renewed: the session lives on with new credentials.
	Renewed Class = iota
	// Final: the session has ended.
	Final
	// Transient: not now; the session is kept.
	Transient
	// Fault: the configuration or the endpoint is wrong, and asking again
	// without a change cannot help.
	Fault
)

// Error is the code of an answer other than Renewed, for the event
// `refreshfailed`. It is always one of the constants, never a server's text.
type Error string

// The codes of RFC 6749 §5.2, verbatim.
const (
	InvalidRequest       Error = "invalid_request"
	InvalidClient        Error = "invalid_client"
	InvalidGrant         Error = "invalid_grant"
	UnauthorizedClient   Error = "unauthorized_client"
	UnsupportedGrantType Error = "unsupported_grant_type"
	InvalidScope         Error = "invalid_scope"
)

// The codes for answers that name none of RFC 6749 §5.2.
const (
	// None goes with Renewed.
	None Error = ""
	// NetworkError: no answer could be read (offline, DNS, TLS, CORS).
	NetworkError Error = "network_error"
	// HTTPError: the status alone decided.
	HTTPError Error = "http_error"
	// Redirected: the endpoint answered with a redirect, which is not followed.
	Redirected Error = "redirect"
	// Unparsable: a 2xx that should carry a token is no JSON object.
	Unparsable Error = "unparsable"
	// NoAccessToken: a 2xx that should carry a token has none that is usable.
	NoAccessToken Error = "no_access_token"
	// WrongTokenType: the token is of a type other than Bearer.
	WrongTokenType Error = "token_type"
	// AppError: the app's function was rejected.
	AppError Error = "app_error"
)
