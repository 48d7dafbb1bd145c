package sim

import (
	"strings"

	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/tab"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// life is what the browser has made of a page.
type life uint8

const (
	running life = iota
	frozen
	cached // in the back/forward cache
	dead
)

const (
	origin  = "https://app.test"
	timeout = 10_000 // data-refresh-timeout
)

// page is a page: its tab, and its gate (see gate_test.go).
type page struct {
	gate
	w        *world
	tab      *tab.Tab
	name     string
	life     life
	hidden   bool
	loadedAt int64    // when it began to load
	backlog  []func() // what is to happen once the page runs again

	channel   int             // which opening of its channel this is, 0 while it is closed
	openings  int             // of it, so far
	openedAt  int64           // when the last was
	stoppedAt int64           // when it last did not run, 0 for never
	lateUntil int64           // when the last of its late timers ends
	lock      *lock           // that it asked for last
	arrival   map[*page]int64 // when what was told to another page last arrives
	marks     []int64         // when the names are held that were asked for since the last release

	request    *request  // the exchange that was begun last
	untold     bool      // the server has answered it, and the page has not heard
	brought    int       // the access token that came with it, or with the one before
	inVain     bool      // calls are refused all the same
	app        *family   // of the app's own, where the app renews
	ended      bool      // as of the last event
	hears      bool      // it does so now
	hearing    tabs.Told // the kind of the message that it hears, or has heard last
	cleared    bool      // by a sign-out
	faulty     bool      // an exchange was answered with what nobody can use
	told       *family   // the session of which it has been told
	toldAt     int64     // when it last was
	named      *family   // the session of the cookies of which it was last told whose it is, by name
	loadedWith *family   // whose cookies there were when it loaded
	session32  int32     // its number in messages
	began32    int32     // that of the one that it has begun itself
	decidesAt  int64     // since when its program decides
	leftAt     []int64   // when this browser tab was sent to login
	prevents   bool      // its app prevents the login
}

// Where the page stands.

func (p *page) Origin() string     { return origin }
func (p *page) Path() string       { return "/shop" }
func (p *page) Query() string      { return "" }
func (p *page) Fragment() string   { return "" }
func (p *page) Hidden() bool       { return p.hidden }
func (p *page) Prerendering() bool { return false }

// configuration is the text that configure takes.
var configuration = strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n")

// maxPages bounds the pages of a schedule.
const maxPages = 9

// birth opens a page. The program comes a little later.
func (w *world) birth() *page {
	p := &page{w: w, loadedAt: w.now - 20, told: w.jar.of, loadedWith: w.jar.of, name: string(rune('A' + len(w.pages))), prevents: w.rarely(2)}
	p.gate.init(w)
	p.tab = tab.New(p)
	bits := int32(0)
	if w.loginOnly {
		bits |= protocol.NoExchange
	}
	if w.alone || w.loginOnly {
		bits |= protocol.Alone
	}
	if w.share {
		bits |= protocol.Share
	}
	p.tab.Configure(w.kind, bits, timeout, w.early, w.r.Uint32(), configuration)
	w.pages = append(w.pages, p)
	w.story.happens(w.now, "%s: %s", p.name, w.modes())
	p.begin()
	if w.rarely(2) {
		p.start()
	} else {
		w.after(w.between(1, 300), func() { p.when(p.start) })
	}
	return p
}

// begin is what the app does at once.
func (p *page) begin() {
	w := p.w
	switch {
	case w.kind == protocol.KindApp:
		if !w.share && w.signedIn != nil {
			p.app = w.server.signIn(w, w.signedIn.person)
		}
		w.after(w.between(0, 200), func() {
			p.when(func() {
				p.able = true
				p.withGo(func() {
					w.story.happens(w.now, "%s: able", p.name)
					p.tell(protocol.Able, 0, 0, "")
				})
			})
		})
	case w.bearer() && w.signedIn != nil && (!w.share || len(w.pages) == 1):
		f := w.signedIn
		if len(w.pages) > 1 { // each page signs in by itself
			f = w.server.signIn(w, f.person)
		}
		w.actedAt = w.now
		p.give(f.credentials)
	}
}

// start lets the program decide from now on.
func (p *page) start() {
	p.open()
	if p.w.signedAt > p.loadedAt && (p.hearing < tabs.SignedIn || p.w.shiftedAt > p.loadedAt) {
		// What was told when somebody signed in is no longer there, or nobody
		// knows when it was: the page cannot tell that this was after its calls.
		p.told = nil
	}
	p.ready()
}

// open tells what was noted, and opens the channel.
func (p *page) open() {
	p.note()
	p.openings++
	p.channel = p.openings
	p.openedAt = p.w.now
	p.w.story.happens(p.w.now, "%s: opened", p.name)
	p.tell(protocol.Opened, 0, 0, "")
}

// clock tells the time as the page has it.
func (p *page) clock() tab.Clock { return tab.Clock{Now: p.w.now - p.loadedAt, Calendar: p.w.date()} }

func (p *page) runs() bool { return p.life == running }

// when does it now, or once the page runs again.
func (p *page) when(do func()) {
	switch p.life {
	case running:
		do()
	case frozen, cached:
		p.backlog = append(p.backlog, do)
	}
}

// timer is setTimeout: in a page that nobody looks at it comes late.
func (p *page) timer(ms int64, do func()) {
	if p.hidden {
		ms += p.w.between(0, 1_000)
		if p.w.rarely(8) {
			ms += 60_000
		}
		p.lateUntil = max(p.lateUntil, p.w.now+ms)
	}
	p.w.after(ms, func() { p.when(do) })
}

// crash ends the page without a word; its lock is freed a little later.
func (p *page) crash() {
	if p.life == dead {
		return
	}
	w := p.w
	w.story.happens(w.now, "%s: crash", p.name)
	p.life, p.channel = dead, 0
	p.gone()
	w.after(w.between(13, 97), func() { w.free(p) })
}

// hide stops the page, which has the time to say so.
func (p *page) hide(as life) {
	if !p.runs() {
		return
	}
	if p.decides {
		p.w.story.happens(p.w.now, "%s: hid", p.name)
		p.tell(protocol.Hid, 0, 0, "")
	}
	p.channel = 0
	p.life = as
	p.gone()
	if as == dead {
		p.w.free(p)
	}
}

// setOut lets the page go elsewhere. Firefox, and at times WebKit, fails its requests
// first, but for those with keepalive.
func (p *page) setOut(then func()) {
	w := p.w
	if w.keepalive() || w.rarely(2) {
		p.hide(dead)
		then()
		return
	}
	if q := p.request; q != nil && q.alive {
		w.lost = w.lost || p.untold
		w.reply(q, reply{text: "\n"})
	}
	w.after(w.between(15, 750), func() {
		p.hide(dead)
		then()
	})
}

// gone takes account of an exchange that the page leaves behind.
func (p *page) gone() {
	w := p.w
	p.stoppedAt = w.now
	if w.kind == protocol.KindApp && p == w.retryBy && w.now-w.failedAt <= 2_000 {
		w.retryAt = 0 // it has not told yet that it has failed
	}
	q := p.request
	if q == nil {
		return
	}
	q.left = true
	if q.alive && !w.keepalive() {
		w.lost = w.lost || p.untold || p.life != dead
		if p.life == dead {
			w.drop(q)
		}
	}
}

// wake lets the page run again.
func (p *page) wake() {
	if p.life != frozen && p.life != cached {
		return
	}
	restored := p.life == cached
	p.life = running
	backlog := p.backlog
	p.backlog = nil
	early := p.w.rarely(3)
	work := func() {
		for _, do := range backlog {
			p.when(do)
		}
	}
	if early {
		work()
	}
	if p.decides && p.runs() {
		p.open()
		if restored {
			p.w.story.happens(p.w.now, "%s: shown restored", p.name)
			p.tell(protocol.Shown, protocol.Restored, 0, "")
		}
	}
	if !early {
		work()
	}
}

// look shows the page, or hides it.
func (p *page) look(hidden bool) {
	if p.runs() && p.hidden != hidden {
		p.hidden = hidden
		p.stoppedAt = p.w.now // timers of a hidden page are late
		if p.decides {
			p.w.story.happens(p.w.now, "%s: shown", p.name)
			p.tell(protocol.Shown, 0, 0, "")
		}
	}
}
