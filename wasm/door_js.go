package main

import (
	"unsafe"

	"github.com/fetch401/fetch401/wasm/cut"
	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/session"
)

var (
	in   = make([]byte, 4096)
	kept []session.Effect // what was taken last; keeps their texts alive
	more []session.Effect // effects of the door's own
)

// Answers of started that are no generation.
const (
	waits = -1
	stray = -2
)

// room makes the in buffer hold at least n bytes and returns its address.
//
//go:wasmexport room
func room(n int32) int32 {
	if int(n) > len(in) {
		in = make([]byte, n)
	}
	return address(unsafe.Pointer(&in[0]))
}

func address(p unsafe.Pointer) int32 { return int32(uintptr(p)) }

// text is what the gate has written into the in buffer.
func text(n int32) string { return string(in[:n]) }

// configure takes the checked configuration, n bytes of it as text.
//
//go:wasmexport configure
func configure(kind, bits, timeout, n int32) {
	setUp(grant.Kind(kind), bits, int64(timeout), text(n))
	look(0)
}

// started tells of a call to the URL in the first n bytes. It answers with
// the generation whose access token the call takes along (0 for none), waits,
// or stray: a URL out of scope, which the gate should not have asked about.
//
//go:wasmexport started
func started(id, flags, n int32, now, calendar float64) int32 {
	url := in[:n]
	if !here.scope.Match(unsafe.String(&in[0], n)) {
		return stray
	}
	decide.Calendar(int64(calendar))
	token, send := decide.Started(int64(now), id, flags, url)
	if !send {
		return waits
	}
	return token
}

// answered tells of an answer that is not a 401. It has no effects.
//
//go:wasmexport answered
func answered(id int32) { decide.Answered(id) }

// failed tells of a call that ended without an answer. It has no effects.
//
//go:wasmexport failed
func failed(id int32) { decide.Failed(id) }

// Bits of the third argument of exchanged; the first of them is that of
// unauthorized and of tell as well.
const (
	looping = 1 << iota // this tab must not be sent to login now
	redirected
	appFailed
	appFinal
	parsed
	hasToken
)

// unauthorized tells of a 401 whose WWW-Authenticate is in the first n bytes.
//
//go:wasmexport unauthorized
func unauthorized(id, bits, n int32, now float64) {
	look(bits)
	decide.Unauthorized(int64(now), id, bits&redirected != 0, text(n))
}

// exchanged tells what an exchange brought. The first n bytes hold the error
// code, a line break and the token type.
//
//go:wasmexport exchanged
func exchanged(number, status, bits, expiresIn, n int32, now, calendar float64) {
	look(bits)
	decide.Calendar(int64(calendar))
	code, tokenType, _ := cut.At(text(n), '\n')
	answer := grant.Answer{
		Status:      int(status),
		Redirect:    bits&redirected != 0,
		Failed:      bits&appFailed != 0,
		Final:       bits&appFinal != 0,
		Parsed:      bits&parsed != 0,
		AccessToken: bits&hasToken != 0,
		Error:       code,
		TokenType:   tokenType,
	}
	result := session.Result{Number: number, ExpiresIn: int64(expiresIn)}
	result.Class, result.Code = grant.Classify(here.kind, answer)
	result.Network = result.Code == grant.NetworkError
	result.Token = answer.AccessToken && here.kind != grant.Cookie
	decide.Exchanged(int64(now), result)
}

// What tell tells of.
const (
	tick = iota
	shown
	able
	refresh
	tokens
	promised
	broken
	cleared
	askedLogin
	leaving
)

// Bits of the second argument of tell, beside looping.
const (
	restored     = 2 << iota // shown: from the back/forward cache
	same                     // tokens, promised, cleared: no other session begins
	accessToken              // tokens: there is one to attach
	refreshToken             // tokens: there is one to exchange
)

// tell tells what else happened. expiresIn is the lifetime of tokens; n bytes
// of text are the reason of a login.
//
//go:wasmexport tell
func tell(what, bits, expiresIn, n int32, at, calendar float64) {
	look(bits)
	decide.Calendar(int64(calendar))
	now := int64(at)
	switch what {
	case tick:
		decide.Tick(now)
	case shown:
		decide.Shown(now, bits&restored != 0)
	case able:
		decide.Able(now)
	case refresh:
		decide.Refresh(now)
	case tokens:
		decide.Tokens(now, bits&same != 0, bits&accessToken != 0, bits&refreshToken != 0, int64(expiresIn))
	case promised:
		decide.Promised(now, bits&same != 0)
	case broken:
		decide.Broken(now)
	case cleared:
		decide.Cleared(now, bits&same != 0)
	case askedLogin:
		decide.LoginAsked(text(n))
	case leaving:
		if decide.Leaving() {
			more = append(more, session.Effect{Kind: session.Navigate, Text: wayBack()})
		}
	}
}

// lasts tells the lifetime of what an exchange has renewed, in seconds.
//
//go:wasmexport lasts
func lasts(number, expiresIn int32, now, calendar float64) {
	decide.Calendar(int64(calendar))
	decide.Lasts(int64(now), number, int64(expiresIn))
}

// take counts the effects since the last take.
//
//go:wasmexport take
func take() int32 {
	kept = append(append(kept[:0], decide.Take()...), more...)
	more = more[:0]
	return int32(len(kept))
}

// effects gives the address of the effects that were taken: five numbers each,
// which are kind, call, number, and address and length of the text. All of it
// is valid until the next call of any other export.
//
//go:wasmexport effects
func effects() int32 { return address(numbers(kept)) }

// fact answers with a fact about the session: 0 its generation, 1 whether an
// exchange is under way, 2 whether it has ended, 3 how many calls wait.
//
//go:wasmexport fact
func fact(which int32) int32 {
	switch {
	case which == 0:
		return decide.Generation()
	case which == 3:
		return decide.Held()
	case which == 1 && decide.Refreshing(), which == 2 && decide.Ended():
		return 1
	}
	return 0
}
