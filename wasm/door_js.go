package main

import (
	"unsafe"

	"github.com/fetch401/fetch401/wasm/page"
	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/session"
	"github.com/fetch401/fetch401/wasm/tab"
	"github.com/fetch401/fetch401/wasm/tabs"
)

var (
	here  *tab.Tab // from configure on
	in    = make([]byte, 4096)
	taken []session.Effect // what was taken last; keeps their texts alive
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

func clock(now, calendar float64) tab.Clock {
	return tab.Clock{Now: int64(now), Calendar: int64(calendar)}
}

// configure takes the checked configuration, n bytes of it as text, and a random
// number; timeout and early are milliseconds.
//
//go:wasmexport configure
func configure(kind, bits, timeout, early, seed, n int32) {
	here = tab.New(page.Open())
	here.Configure(kind, bits, int64(timeout), int64(early), uint32(seed), text(n))
}

// started tells of a call to the URL in the first n bytes. The tab does not
// keep it, so it need not be copied.
//
//go:wasmexport started
func started(id, flags, n int32, now, calendar float64) int32 {
	return here.Started(clock(now, calendar), id, flags, unsafe.String(&in[0], n))
}

// answered and failed answer with 1 where Tick is to be told at once.
//
//go:wasmexport answered
func answered(id, status int32) int32 { return protocol.Bit(here.Answered(id, status)) }

//go:wasmexport failed
func failed(id int32) int32 { return protocol.Bit(here.Failed(id)) }

// unauthorized tells of a 401, with its method, status and WWW-Authenticate in the
// first n bytes.
//
//go:wasmexport unauthorized
func unauthorized(id, bits, n int32, now float64) {
	here.Unauthorized(int64(now), id, bits, text(n))
}

// exchanged tells what an exchange brought. The first n bytes hold, a line each,
// the error code, the token type and whose the session is.
//
//go:wasmexport exchanged
func exchanged(number, status, bits, seconds, n int32, now, calendar float64) {
	here.Exchanged(clock(now, calendar), number, status, bits, seconds, text(n))
}

// granted tells that the page has the lock; contended is 1 where it had to wait.
//
//go:wasmexport granted
func granted(contended, renewed, failed, subject int32, now float64) {
	here.Granted(int64(now), contended == 1, renewed, failed, subject)
}

// heard tells of a message of another page: its members, its age (of what
// has just come ^age), and the tokens beside it.
//
//go:wasmexport heard
func heard(age, bits, expiresIn, version, kind, number, newest, session, wait, failures, subject int32, now, calendar float64) {
	here.Heard(clock(now, calendar), age, bits, expiresIn, tabs.Message{
		Version: version, Kind: tabs.Told(kind), Number: number, Newest: newest, Session: session, Wait: wait, Failures: failures, Subject: subject,
	})
}

//go:wasmexport tell
func tell(what, bits, expiresIn, n int32, now, calendar float64) {
	here.Tell(clock(now, calendar), what, bits, expiresIn, text(n))
}

// take counts the effects since the last take.
//
//go:wasmexport take
func take() int32 {
	taken = here.Take()
	return int32(len(taken))
}

// effects gives the address of the effects that were taken: five numbers each
// (protocol.EffectNumbers), which are kind, call, number, and address and
// length of the text. All of it is valid until the next call of any other
// export.
//
//go:wasmexport effects
func effects() int32 { return address(numbers(taken)) }

//go:wasmexport stale
func stale(now, calendar float64) int32 { return protocol.Bit(here.Stale(clock(now, calendar))) }

//go:wasmexport fact
func fact(which int32) int32 { return here.Fact(which) }
