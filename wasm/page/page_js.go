// Package page is how Go meets the page: where it is, and whether anybody
// looks at it. It decides nothing and changes
// nothing; it is the only package of the program that imports syscall/js and
// honnef.co/go/js/dom/v2. All that it reads are properties that never throw,
// since a JavaScript exception would end the Go program.
package page

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

var (
	location = dom.GetWindow().Location()
	document = js.Global().Get("document")
)

// Origin, Path, Query and Fragment are the parts of the page's address, as
// the members origin, pathname, search and hash of window.location.
func Origin() string   { return location.Origin() }
func Path() string     { return location.Pathname() }
func Query() string    { return location.Search() }
func Fragment() string { return location.Hash() }

// Hidden says that the page is not visible.
func Hidden() bool { return document.Get("visibilityState").String() == "hidden" }

// Prerendering says that the page is loaded ahead and not yet activated.
func Prerendering() bool { return document.Get("prerendering").Equal(js.ValueOf(true)) }
