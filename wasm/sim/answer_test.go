package sim

import (
	"fmt"
	"slices"

	"github.com/fetch401/fetch401/wasm/protocol"
)

// transmit is native fetch, or native send().
func (p *page) transmit(c *call, token int, cookies bool) {
	w := p.w
	c.heldAt = 0
	access := token
	if !w.carrying() && cookies {
		access = w.jar.access
	}
	w.checkSend(c, token, access)
	w.story.leads(w.now, "%s: send %d%s", p.name, c.id, with(token))
	w.after(w.latency(), func() {
		if w.server.fault == deaf || w.server.fault == losing && w.rarely(2) {
			w.after(1, func() { p.when(func() { p.lost(c) }) })
			return
		}
		status, done := int32(404), false
		if c.stray == "" {
			status, done = w.server.serve(w, c, access)
			w.checkServed(c, done)
		}
		redirected := status == 401 && c.write && w.rarely(10)
		c.done = c.done || redirected
		if w.server.fault == losing {
			w.after(1, func() { p.when(func() { p.lost(c) }) })
			return
		}
		w.after(w.latency(), func() { p.when(func() { p.answered(c, access, status, redirected) }) })
	})
}

func with(token int) string {
	if token == 0 {
		return ""
	}
	return fmt.Sprintf(" with token %d", token)
}

// answered is what comes of a try.
func (p *page) answered(c *call, access int, status int32, redirected bool) {
	switch {
	case c.stray != "":
		p.settle(c, status)
	case c.closed:
	case status == 401:
		c.unauthorized, c.redirected = true, redirected
		if p.decides {
			p.unauthorized(c)
		}
	default:
		t := &p.w.server.access[access]
		if c.locked && t.by == nil && slices.ContainsFunc(p.w.inFlight, func(q *request) bool { return q.refresh == p.w.jar.refresh }) {
			// What a sign-in has brought is taken for a renewal: an exchange that hangs is
			// forgotten, and nobody can tell.
			p.w.lost = true
		}
		if t.by == p && status < 500 {
			t.proved = true
		}
		if p.decides {
			p.w.story.happens(p.w.now, "%s: ok %d %d", p.name, c.id, status)
			if p.tab.Answered(c.id, status) {
				p.tell(protocol.Tick, 0, 0, "")
			}
		}
		if !c.closed {
			p.close(c)
			p.settle(c, status)
		}
	}
}

// retries says that a call that was sent again has no answer yet.
func (p *page) retries() bool {
	return slices.ContainsFunc(p.calls, func(c *call) bool { return c != nil && c.retried && !c.unauthorized })
}

// unauthorized tells the program of a 401.
func (p *page) unauthorized(c *call) {
	method, bits := "GET\n", int32(0)
	if c.write {
		method = "POST\n"
		if c.redirected {
			bits = protocol.Redirected
		}
	}
	p.w.story.happens(p.w.now, "%s: 401 %d", p.name, c.id)
	c.hold()
	p.tab.Unauthorized(p.clock().Now, c.id, bits|p.looping(), method+c.challenge)
	p.perform()
}

// lost tells of a try without an answer.
func (p *page) lost(c *call) {
	switch {
	case c.stray != "":
		p.settle(c, 0)
	case !c.closed:
		p.drop(c)
		p.settle(c, 0)
	}
}

// end ends a call as abort() does, or its timeout.
func (p *page) end(c *call) {
	if c.closed {
		return
	}
	p.drop(c)
	p.settle(c, 0)
}

// drop ends a call that gets no answer.
func (p *page) drop(c *call) {
	p.close(c)
	p.failed(c)
}

func (p *page) failed(c *call) {
	if !p.decides {
		return
	}
	p.w.story.happens(p.w.now, "%s: failed %d", p.name, c.id)
	if p.tab.Failed(c.id) {
		p.tell(protocol.Tick, 0, 0, "")
	}
}

// close lets the number of the call be used again.
func (p *page) close(c *call) {
	c.closed = true
	p.calls[c.id] = nil
	p.spare = append(p.spare, c.id)
}

// deliver hands the 401 to the caller.
func (p *page) deliver(c *call, reason string) {
	p.w.story.leads(p.w.now, "%s: deliver 401 of %d: %s", p.name, c.id, reason)
	p.close(c)
	p.settle(c, 401)
}

// settle gives the caller what became of the call.
func (p *page) settle(c *call, status int32) {
	c.settled++
	c.status = status
	p.w.checkSettled(c)
}
