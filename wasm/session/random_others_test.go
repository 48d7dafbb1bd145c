package session

import (
	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
)

// grant lets the page make an exchange.
func (w *world) grant() {
	if w.running {
		w.wrong("an exchange beside another")
	}
	w.number++
	w.event("granted %d", w.number)
	w.renew = false
	w.s.Granted(w.now, w.number)
}

// hears lets other pages do something, or answers what this one has asked for.
func (w *world) hears() {
	s := w.s
	switch n := w.r.Intn(8); {
	case n < 2 && w.renew:
		w.grant()
	case n < 3:
		w.number++
		tokens := s.config.Kind != grant.Cookie
		w.event("adopted %d", w.number)
		w.renew = false
		s.Adopted(w.now, w.number, w.sometimes(8), tokens, tokens && !w.sometimes(4), int64(w.r.Intn(60)))
	case n < 4 && (w.renew || w.running):
		w.event("denied")
		w.renew, w.running = false, false
		s.Denied()
	case n < 5:
		w.event("refused")
		w.renew = false
		s.Refused(w.now)
	case n < 7:
		w.event("probe")
		if s.Probe() {
			w.probes()
		}
	case n < 8:
		w.event("hid")
		w.renew, w.running = w.renew || w.running, false
		s.Hid()
	}
}

// probes notes which call was sent as a probe: one that was held, and may be
// sent again. It counts as no try.
func (w *world) probes() {
	e := w.s.Take()[0]
	w.event("  %s", describe(e, "the probe"))
	c := w.open[e.Call]
	if e.Kind != protocol.Send || c == nil || c.with || c.sends == 0 || c.once || c.session != w.s.number {
		w.wrong("call %d is the probe", e.Call)
		return
	}
	c.with = true
	w.probe = e.Call
}

// found holds that the end of the probe, and nothing else, is said to be that.
func (w *world) found(id int32, probe bool) {
	if probe != (w.probe == id) {
		w.wrong("call %d was the probe: %v", id, probe)
	}
	if probe {
		w.probe = none
	}
}
