package sim

import "github.com/fetch401/fetch401/wasm/tabs"

// note is what was kept in localStorage; other pages see it a little later.
type note struct {
	tabs.Message
	by       *page
	of       *family // whose cookies there were
	lasts    int32   // its expires_in
	calendar int64   // when, by the time of day
	seen     int64
}

// note tells what was kept last.
func (p *page) note() {
	w := p.w
	for i := len(w.notes) - 1; i >= 0; i-- {
		n := w.notes[i]
		if n.seen <= w.now || n.by == p {
			age := w.age(n.calendar)
			w.story.happens(w.now, "# %s: noted %s, %d ms ago", p.name, words(n.Message), age)
			p.hearsOf(n.of, n.Message)
			p.hear(age, n.Message, credentials{}, n.lasts)
			return
		}
	}
}

// age is how long ago something was told, by the time of day.
func (w *world) age(told int64) int64 { return min(max(w.date()-told, 0), 0x7fffffff) }

// post sends a message to the pages whose channel is open, and keeps it.
func (w *world) post(from *page, m tabs.Message, keep bool, tokens credentials, expiresIn int32) {
	if m.Kind == tabs.SignedIn {
		w.bySession[m.Session] = from.told
	}
	if m.Kind >= tabs.SignedIn {
		from.began32 = m.Session
	}
	if keep && !w.forgetful {
		late := int64(0)
		if !w.lossy && w.rarely(4) { // what is lost is relied on to be kept
			late = w.between(0, 150)
		}
		w.notes = append(w.notes, note{m, from, w.jar.of, expiresIn, w.date(), w.now + late})
	}
	if from.channel == 0 {
		return
	}
	w.story.note("%s tells %s", from.name, words(m))
	for _, to := range w.pages {
		if to == from || to.channel == 0 {
			continue
		}
		copies := 1
		if w.lossy && !w.over {
			copies = w.r.IntN(4)
			if copies == 3 {
				copies = 1
			}
		}
		for ; copies > 0; copies-- {
			w.carry(from, to, m, tokens, expiresIn)
		}
	}
}

// carry brings a message to a page, while the channel is open that it was
// posted to. What one page tells another arrives in order, unless it is lossy.
func (w *world) carry(from, to *page, m tabs.Message, tokens credentials, expiresIn int32) {
	late := w.between(0, 3)
	switch {
	case !w.rarely(4):
	case w.strict:
		late = w.between(0, 90) // an answer to a question is waited for so long
	default:
		late = w.between(0, 150)
	}
	if !w.lossy {
		late = max(late, from.arrives(to)-w.now)
		from.arrival[to] = w.now + late
	}
	opening, of, told := to.channel, w.jar.of, w.date()
	w.after(late, func() {
		if to.runs() && to.channel == opening {
			w.story.happens(w.now, "# %s hears of %s: %s", to.name, from.name, words(m))
			to.hearsOf(of, m)
			to.hear(^w.age(told), m, tokens, expiresIn)
		}
	})
}

// hearsOf notes that the page is told whose the session of the cookies is, by name. It may
// be told by one that knows of an older session, or of a renewal made beside its own, and
// does not hear of it then: where messages get lost; without locks; where that one has just
// opened, and either nothing is noted or what was noted last is a refusal of the older
// session, told after a sign-in.
func (p *page) hearsOf(of *family, m tabs.Message) {
	if p.w.forgetful && p.session32 == 0 && m.Session != 0 {
		p.named = nil // it follows the first session that it hears of, which may be one of long ago
	}
	if p.w.lossy || p.w.lockless || m.Kind != tabs.SignedIn && m.Session < max(p.session32, p.began32) {
		return
	}
	if of != nil && m.Subject != 0 && m.Subject == p.w.subject(of) && (m.Kind == tabs.Renewed || m.Kind == tabs.Have || m.Kind == tabs.SignedIn) {
		p.named = of
	}
}

// arrives is when what was told before does.
func (p *page) arrives(to *page) int64 {
	if p.arrival == nil {
		p.arrival = map[*page]int64{}
	}
	return p.arrival[to]
}

var told = [...]string{"nothing", "began", "renewed", "failed", "ended", "ask", "have", "signed in", "signed out"}

// words tells a message.
func words(m tabs.Message) string {
	return told[m.Kind] + " " + decimal(m.Number) + ", newest " + decimal(m.Newest) + ", session " + decimal(m.Session)
}
