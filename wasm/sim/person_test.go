package sim

import (
	"hash/fnv"
	"strconv"

	"github.com/fetch401/fetch401/wasm/protocol"
)

// What a person does: signs in, as the same or another, and out.

// name is what an answer says of whose a session is, or the app of its tokens.
func (w *world) name(of credentials) string {
	if of.subject == 0 {
		return ""
	}
	return "1person " + strconv.Itoa(of.of.person)
}

// subject is the number that the program makes of that (see wasm/tab).
func (w *world) subject(f *family) int32 {
	if !w.named {
		return 0
	}
	hash := fnv.New32a()
	hash.Write([]byte("person " + strconv.Itoa(f.person)))
	return int32(hash.Sum32()>>3)<<1 + 3
}

// tooSoon says that a session has begun or ended just now, or the machine woke since:
// nobody is that fast.
func (w *world) tooSoon() bool { return w.now-w.actedAt < 1_000 }

// acts notes that a person signs in or out, unless that cannot be.
func (w *world) acts() bool {
	if w.loginOnly || w.tooSoon() {
		return false
	}
	w.signedAt, w.actedAt = w.now, w.now
	return true
}

// revoke ends a session at the server.
func (w *world) revoke(p *page) {
	for _, of := range []*family{w.jar.of, p.of, p.app} {
		if of != nil && (!w.bearer() || of == p.of) {
			of.ended, of.refused = true, true
		}
	}
}

// begun is a session that begins for the next person, or the same again.
func (w *world) begun(other int) *family {
	person := 1
	if n := len(w.server.families); n > 0 {
		person = w.server.families[n-1].person + other
	}
	f := w.server.signIn(w, person)
	w.signedIn, w.jar = f, f.credentials
	w.story.note("person %d signs in: session %d", person, f.number)
	return f
}

// signIn lets a person sign in, in a page that tells it with setTokens.
func (w *world) signIn(p *page, other int) {
	if !w.acts() {
		return
	}
	w.revoke(p)
	f := w.begun(other)
	p.signedIn(f)
	p.give(p.tokensOf(f))
}

// signedIn notes what the app of a page knows.
func (p *page) signedIn(f *family) {
	p.faulty = false
	if p.w.kind == protocol.KindApp && !p.w.share {
		p.app = f
	}
}

// tokensOf is what setTokens is given in a new session.
func (p *page) tokensOf(f *family) credentials {
	switch {
	case !p.w.carrying():
		return credentials{of: f, subject: f.subject}
	case p.w.bearer():
		return f.credentials
	}
	return credentials{of: f, access: f.access, subject: f.subject}
}

// signOut lets the person of a page sign out.
func (w *world) signOut(p *page) {
	if !w.acts() {
		return
	}
	w.revoke(p)
	w.signedIn, w.jar = nil, credentials{}
	p.clearTokens()
}

// promise lets a person sign in, in a page that promises the tokens.
func (w *world) promise(p *page, long int64) {
	if w.loginOnly || w.tooSoon() {
		return
	}
	w.signedAt = w.now
	kept := long%3 != 0
	p.promise(w.between(0, 3_000), func() (credentials, bool) {
		if !kept {
			w.lost = w.lost || w.bearer() // the page has let go of its own
			return credentials{}, false
		}
		w.revoke(p)
		f := w.begun(int(long % 2))
		p.signedIn(f)
		w.acts() // it was not too soon, see page.promise
		return p.tokensOf(f), true
	})
}

// signInElsewhere lets a person sign in where no page of ours hears of it.
func (w *world) signInElsewhere(other int) {
	if w.bearer() || w.kind == protocol.KindApp || !w.acts() {
		return
	}
	if w.jar.of != nil {
		w.jar.of.ended, w.jar.of.refused = true, true
	}
	w.begun(other)
	w.unnoted = true
}

// signInByLogin is the way of a page to login: there a person signs in, and
// comes back.
func (w *world) signInByLogin(p *page) {
	w.story.leads(w.now, "%s: leaves for login", p.name)
	p.leftAt = append(p.leftAt, w.now)
	p.prevents = true // a second time its document is on its way already
	w.after(w.between(10, 100), func() {
		p.hide(dead)
		w.after(w.between(500, 3_000), func() {
			if !w.bearer() && w.kind != protocol.KindApp {
				w.signInElsewhere(w.r.IntN(2))
			}
			w.newcomer(p)
		})
	})
}
