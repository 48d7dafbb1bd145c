package tabs

import "github.com/fetch401/fetch401/wasm/grant"

// call is one call of a tab; once it has settled it is no longer in the list.
type call struct {
	name       string
	held       bool
	unsent     bool
	generation int
	tries      int
	status     int
	settled    bool
}

// start makes a call.
func (t *tab) start(name string) *call {
	c := &call{name: t.name + name}
	t.calls = append(t.calls, c)
	if t.w.kind != grant.Cookie && t.tokens.access == 0 && !t.out && !t.ended {
		c.unsent = true
		t.hold(c)
	} else {
		t.send(c)
	}
	return c
}

func (t *tab) send(c *call) {
	c.held, c.unsent, c.generation = false, false, t.generation
	good := t.w.server.good(t.w, t.w.has(t))
	t.w.after(t.w.between(1, 80), func() {
		t.when(func() { t.answered(c, good) })
	})
}

func (t *tab) answered(c *call, good bool) {
	probe := t.probe == c
	if probe {
		t.probe = nil
	}
	t.event("call %s answered, good %v", c.name, good)
	found := Stale
	if c.settled {
		found = Nothing
	} else if good {
		found = Fresh
		t.settle(c, 200)
	} else {
		t.unauthorized(c)
	}
	if probe {
		t.event("probed, found %d", found)
		t.p.Probed(t.w.now, found)
		t.effects()
	}
}

func (t *tab) unauthorized(c *call) {
	c.tries++
	switch {
	case t.out || c.tries > 8 || t.ended && (t.w.kind == grant.Token || t.w.now-t.endedAt < 30_000):
		t.settle(c, 401)
	case t.ended: // cookies may have been renewed elsewhere since
		t.hold(c)
	case c.generation != t.generation:
		t.send(c) // a straggler
	default:
		t.hold(c)
	}
}

func (t *tab) hold(c *call) {
	c.held = true
	t.w.after(10_000, func() {
		t.when(func() {
			if c.held {
				t.settle(c, 401)
				t.unwanted()
			}
		})
	})
	if t.w.kind == grant.Token && t.tokens.refresh == 0 {
		return
	}
	t.event("wanted, for %s", c.name)
	t.p.Wanted(t.w.now)
	t.effects()
}

func (t *tab) unwanted() {
	for _, c := range t.calls {
		if c.held {
			return
		}
	}
	t.event("unwanted")
	t.p.Unwanted()
	t.effects()
}

func (t *tab) sendProbe() {
	for _, c := range t.calls {
		if c.held {
			t.probe = c
			t.send(c)
			return
		}
	}
	t.w.after(0, func() {
		t.when(func() { t.p.Probed(t.w.now, Nothing); t.effects() })
	})
}

func (t *tab) settle(c *call, status int) {
	c.held = false
	c.status = status
	c.settled = true
	for i, one := range t.calls {
		if one == c {
			t.calls = append(t.calls[:i:i], t.calls[i+1:]...)
		}
	}
}

// renewed sends what is held with the new credentials.
func (t *tab) renewed() {
	t.generation++
	for _, c := range append([]*call(nil), t.calls...) {
		if c.held {
			t.send(c)
		}
	}
}

func (t *tab) deliverHeld() {
	for _, c := range append([]*call(nil), t.calls...) {
		if c.held {
			t.settle(c, 401)
		}
	}
}
