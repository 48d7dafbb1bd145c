// Command wasm is the part of fetch401 that decides, compiled to WebAssembly.
// The gate, in JavaScript, keeps every Request, Response, body, promise and
// token; it tells this program what happened by numbers and a little text, and
// carries out the effects that it answers with.
//
// The door between the two is a set of exported functions (go:wasmexport)
// rather than js.FuncOf, which costs 14 to 50 µs a call and leaks under
// TinyGo. Text goes in through one buffer and out as addresses in the
// program's memory. Nothing here calls back into the gate, so an export never
// blocks and never meets itself.
//
// The program compiles with standard Go and with TinyGo, and leaves out what
// makes either large: no goroutines, recover, fmt, net/url, encoding/json,
// time or net/http. URLs and JSON are the JavaScript engine's work.
package main

import (
	"github.com/fetch401/fetch401/wasm/cut"
	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/login"
	"github.com/fetch401/fetch401/wasm/page"
	"github.com/fetch401/fetch401/wasm/scope"
	"github.com/fetch401/fetch401/wasm/session"
)

// site is the page's configuration as far as it is not the session's.
type site struct {
	kind        grant.Kind
	scope       scope.List
	loginOrigin string // scheme, host and port; "" where there is no login URL
	loginPath   string
	loginHash   string // "#…" where the login URL has a fragment
	framed      bool
}

var (
	decide = session.New(session.Config{})
	here   site
)

// Bits of the second argument of configure.
const (
	noExchange = 1 << iota
	crossOrigin
	framed
)

// setUp takes the checked configuration: lines of text, in the order in which
// js/src/program.js writes them.
func setUp(kind grant.Kind, bits int32, timeout int64, text string) {
	line := func() string {
		var first string
		first, text, _ = cut.At(text, '\n')
		return first
	}
	here = site{kind: kind, framed: bits&framed != 0}
	here.loginOrigin, here.loginPath, here.loginHash = line(), line(), line()
	here.scope = scope.New(text)
	decide = session.New(session.Config{
		Kind:        kind,
		NoExchange:  bits&noExchange != 0,
		LoginURL:    here.loginOrigin != "",
		CrossOrigin: bits&crossOrigin != 0,
		Timeout:     timeout,
	})
}

// look tells the session where the page stands now.
func look(bits int32) {
	place := session.Place{
		Looping:      bits&looping != 0,
		Framed:       here.framed,
		Hidden:       page.Hidden(),
		Prerendering: page.Prerendering(),
	}
	if here.loginOrigin != "" {
		place.OnLogin = page.Origin() == here.loginOrigin && page.Path() == here.loginPath &&
			(here.loginHash == "" || page.Fragment() == here.loginHash)
	}
	decide.See(place)
}

// wayBack is the address to come back to from the login page.
func wayBack() string {
	at := login.Page{Origin: page.Origin(), Path: page.Path(), Query: page.Query(), Fragment: page.Fragment()}
	return login.ReturnTo(at, at.Origin == here.loginOrigin)
}
