package sim

import "github.com/fetch401/fetch401/wasm/protocol"

// call is a call of a page, by fetch or by XMLHttpRequest.
type call struct {
	p     *page
	name  int
	url   int // 0 for that of the last call
	flags int32
	write bool // no GET
	xhr   bool
	stray string // its URL, where that is out of scope

	challenge string

	id, session              int32
	sent                     bool
	unauthorized, redirected bool // its 401 is in hand; it came behind a redirect
	retried, closed          bool

	// What the world knows of it.
	of         *family // whose session it was made in, nil where the page did not know
	jar        *family // whose cookies there were then
	person     int32   // whose session it was, as far as the program knew; 0 for unknown
	sends      int     // tries with other credentials
	generation int32   // of the last
	next       int32   // of the one that the program has decided
	locked     bool    // the page had the lock when it decided that
	probing    bool    // the last try is a probe
	done       bool    // the server has done what it asks for
	status     int32   // that its caller got; 0 for none, and for an error
	settled    int     // how often it did
	heldAt     int64   // since when it waits, 0 while it does not
}

func (c *call) address() string {
	if c.stray != "" {
		return c.stray
	}
	return origin + "/api/" + string(rune('a'+c.url))
}

// fetch makes a call.
func (p *page) fetch(c *call) *call {
	w := p.w
	w.names++
	c.p, c.name = p, w.names
	c.session, c.of, c.jar, c.person = int32(p.session), p.of, w.jar.of, p.knows
	if n := len(p.spare); n > 0 {
		c.id, p.spare = p.spare[n-1], p.spare[:n-1]
	} else {
		c.id, p.calls = int32(len(p.calls)), append(p.calls, nil)
	}
	p.calls[c.id] = c
	w.story.happens(w.now, "%s: start %d%s", p.name, c.id, c.kind())
	if !p.decides && c.stray == "" && (w.bearing() || p.present != 0 || p.promised) {
		return c
	}
	generation := int32(0)
	if p.decides {
		generation = p.started(c)
	}
	switch {
	case generation == protocol.Waits || c.closed:
	case generation < 0 || c.stray != "": // the gate knows it, too
		p.close(c)
		p.transmit(c, 0, true)
	case p.decides:
		c.sent = true
		p.transmit(c, p.byNumber[generation], true)
	default:
		c.sent = true
		p.transmit(c, p.present, true)
	}
	return c
}

func (c *call) kind() string {
	words := ""
	if c.stray != "" {
		words = " " + c.stray
	}
	if c.flags&protocol.Stream != 0 {
		words += " stream"
	}
	if c.write {
		words += " write"
	}
	if c.xhr {
		words += " xhr"
	}
	return words
}

// started tells the program of a call.
func (p *page) started(c *call) int32 {
	flags := c.flags
	if c.sent {
		flags |= protocol.Sent
	}
	if int(c.session) != p.session {
		flags |= protocol.Earlier
	}
	generation := p.tab.Started(p.clock(), c.id, flags, c.address())
	p.w.checkStarted(c, generation)
	switch {
	case generation == protocol.Waits:
		c.hold()
		p.perform()
	case generation >= protocol.Ahead:
		p.w.soon(func() { p.tell(protocol.Tick, 0, 0, "") })
		generation -= protocol.Ahead
	}
	return generation
}

func (c *call) hold() {
	if c.heldAt == 0 {
		c.heldAt = c.p.w.now
	}
}

// send sends the call later than in its own tick, for the first time or again.
func (p *page) send(c *call, token int) {
	own := int(c.session) == p.session
	if !own && c.unauthorized {
		p.failed(c)
		p.deliver(c, "session_ended")
		return
	}
	c.retried, c.unauthorized, c.sent = c.unauthorized, false, true
	if !own {
		token = 0
	}
	bare := !own && !p.w.carrying()
	if bare && c.xhr {
		p.end(c) // it cannot be sent without cookies
		return
	}
	p.transmit(c, token, !bare)
}
