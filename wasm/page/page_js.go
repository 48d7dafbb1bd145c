// Package page is how Go meets the page: where it is, and whether anybody
// looks at it. It decides nothing and changes nothing; it is the only package
// of the program that imports syscall/js and honnef.co/go/js/dom/v2. All that
// it reads are properties that never throw, since a JavaScript exception would
// end the Go program.
package page

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// Page is the page that the program runs in, as package tab asks it.
type Page struct {
	location dom.URLUtils
	document js.Value
}

// Open gives the page. It is asked once, and nothing before: a program may be
// begun where there is none, at build time. The location is made as dom/v2
// makes it: all that its Window brings besides would be 1 KB more.
func Open() *Page {
	window := js.Global()
	return &Page{dom.URLUtils{Value: window.Get("location")}, window.Get("document")}
}

// Origin, Path, Query and Fragment are the parts of the page's address, as
// the members origin, pathname, search and hash of window.location.
func (p *Page) Origin() string   { return p.location.Origin() }
func (p *Page) Path() string     { return p.location.Pathname() }
func (p *Page) Query() string    { return p.location.Search() }
func (p *Page) Fragment() string { return p.location.Hash() }

// Hidden says that the page is not visible.
func (p *Page) Hidden() bool { return p.document.Get("visibilityState").String() == "hidden" }

// Prerendering says that the page is loaded ahead and not yet activated.
func (p *Page) Prerendering() bool { return p.document.Get("prerendering").Equal(js.ValueOf(true)) }
