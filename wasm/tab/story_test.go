package tab_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/session"
	"github.com/fetch401/fetch401/wasm/stories"
	"github.com/fetch401/fetch401/wasm/tab"
	"github.com/fetch401/fetch401/wasm/tabs"
)

// TestStories tells each story under testdata: what happens to the pages of one
// origin, a line of dashes, and what that leads to in each of them. The lock,
// its names and the channel are those of a browser without delays.
func TestStories(t *testing.T) {
	stories.Run(t, func(t *testing.T, text string) string {
		w := &world{t: t, now: noon.Now, pages: map[string]*page{}, names: map[protocol.Effect]map[int32]int64{}, subjects: map[int32]int32{}}
		return stories.Tell(text, func(line string) { w.event(strings.Fields(line)) }, w.lines)
	})
}

// world is what the pages share.
type world struct {
	t     *testing.T
	now   int64
	pages map[string]*page
	order []string

	holder, waiter []*page // of the lock: at most one holder
	names          map[protocol.Effect]map[int32]int64
	subjects       map[int32]int32 // in the names of renewals
	posted         []message
	kept           *message
	told           []string
}

// page is one of them.
type page struct {
	*tab.Tab
	*location
	w         *world
	name      string
	open      bool  // its channel is
	running   int32 // its newest exchange
	wakes     []int64
	contended bool
	tokens    int32 // bits of those that it has
}

// message is one on its way, with the tokens beside it.
type message struct {
	tabs.Message
	from   *page
	at     int64
	tokens int32
	lasts  int32
}

func (w *world) clock() tab.Clock {
	return tab.Clock{Now: w.now, Calendar: noon.Calendar + w.now - noon.Now}
}

func (w *world) say(format string, args ...any) {
	w.told = append(w.told, fmt.Sprintf(format, args...))
}

// lines are what was told since, one line for the same of calls with
// consecutive numbers.
func (w *world) lines() string {
	if len(w.told) == 0 {
		return "(nothing)"
	}
	told := strings.Join(w.told, "\n")
	w.told = nil
	return told
}

var kinds = map[string]int32{"cookie": protocol.KindCookie, "attach": protocol.KindAttach,
	"bearer": protocol.KindToken, "app": protocol.KindApp}

// birth opens a page: NAME KIND [share] [alone].
func (w *world) birth(name string, line []string) {
	p := &page{w: w, name: name, location: &location{origin: origin, path: "/shop"}}
	p.Tab = tab.New(p.location)
	var bits int32
	for _, word := range line[1:] {
		bits |= map[string]int32{"share": protocol.Share, "alone": protocol.Alone}[word]
	}
	text := strings.Join([]string{origin, "/login", "", origin + "/api"}, "\n")
	p.Configure(kinds[line[0]], bits, 10_000, -1, uint32(len(w.order)+1), text)
	w.pages[name] = p
	w.order = append(w.order, name)
	p.begin()
}

// begin opens the channel of a page that is born or comes back.
func (p *page) begin() {
	p.note()
	p.open = true
	p.Tell(p.w.clock(), protocol.Opened, 0, 0, "")
}

func (p *page) note() {
	if k := p.w.kept; k != nil {
		p.Heard(p.w.clock(), int32(p.w.now-k.at), 0, k.lasts, k.Message)
	}
}

// event is PAGE: VERB…, "after" so many milliseconds, or "elsewhere".
func (w *world) event(line []string) {
	switch line[0] {
	case "after":
		w.after(int64(w.number(line[1])))
		return
	case "elsewhere": // the pages of another origin
		*w = world{t: w.t, now: w.now, told: w.told, pages: map[string]*page{}, names: map[protocol.Effect]map[int32]int64{}, subjects: map[int32]int32{}}
		return
	}
	name := strings.TrimSuffix(line[0], ":")
	if _, known := kinds[line[1]]; known {
		w.birth(name, line[1:])
	} else {
		w.pages[name].event(line[1:])
	}
	w.settle()
}

func (w *world) number(word string) int32 {
	n, err := strconv.Atoi(word)
	if err != nil {
		w.t.Fatalf("%s is no number", word)
	}
	return int32(n)
}

// after lets time pass, and wakes each page when it asked for that.
func (w *world) after(ms int64) {
	for end := w.now + ms; w.now < end; {
		next := end
		for _, name := range w.order {
			for _, at := range w.pages[name].wakes {
				next = min(next, at)
			}
		}
		w.now = next
		for _, name := range w.order {
			p := w.pages[name]
			left := p.wakes[:0]
			due := false
			for _, at := range p.wakes {
				if at > w.now {
					left = append(left, at)
				} else {
					due = true
				}
			}
			if p.wakes = left; due && p.open {
				p.Tell(w.clock(), protocol.Tick, 0, 0, "")
				w.settle()
			}
		}
	}
}

func (p *page) event(line []string) {
	w := p.w
	has := func(word string) bool {
		for _, one := range line[1:] {
			if one == word {
				return true
			}
		}
		return false
	}
	call := func(do func(id int32)) {
		from, to, several := strings.Cut(line[1], "..")
		if !several {
			to = from
		}
		for id := w.number(from); id <= w.number(to); id++ {
			do(id)
			w.settle()
		}
	}
	tick := func(due bool) {
		if due {
			p.Tell(w.clock(), protocol.Tick, 0, 0, "")
		}
	}
	switch line[0] {
	case "start":
		call(func(id int32) {
			flags := int32(0)
			if has("stream") {
				flags = protocol.Stream
			}
			token := p.Started(w.clock(), id, flags, origin+"/api/"+line[1])
			ahead := token >= protocol.Ahead
			if token >= 0 {
				p.effect(session.Effect{Kind: protocol.Send, Call: id, Number: token &^ protocol.Ahead})
			}
			tick(ahead)
		})
	case "ok":
		status := int32(200)
		if has("503") {
			status = 503
		}
		call(func(id int32) { tick(p.Answered(id, status)) })
	case "failed":
		call(func(id int32) { tick(p.Failed(id)) })
	case "401":
		call(func(id int32) { p.Unauthorized(w.now, id, 0, "GET\n") })
	case "exchanged":
		p.exchanged(line[1:])
	case "tokens", "cleared":
		p.note()
		what, bits := int32(protocol.Cleared), int32(0)
		if line[0] == "tokens" {
			what, bits = protocol.Tokens, protocol.AccessToken|protocol.RefreshToken
			p.tokens = bits
		}
		if has("same") {
			bits |= protocol.Same
		}
		subject := ""
		for _, name := range []string{"Alice", "Bob"} {
			if has(name) {
				subject = "1" + name
			}
		}
		p.Tell(w.clock(), what, bits, 0, subject)
	case "hidden":
		p.location.hidden = true
	case "visible":
		p.location.hidden = false
		p.Tell(w.clock(), protocol.Shown, 0, 0, "")
	case "crash":
		p.open, p.wakes = false, nil
		w.release(p)
	case "hid":
		p.Tell(w.clock(), protocol.Hid, 0, 0, "")
		w.settle()
		p.open = false
	case "opened":
		p.begin()
	default:
		what, known := map[string]int32{"able": protocol.Able, "promised": protocol.Promised, "broken": protocol.Broken, "refresh": protocol.Refresh,
			"shown": protocol.Shown, "reachable": protocol.Reachable, "lock_failed": protocol.LockFailed}[line[0]]
		if !known {
			w.t.Fatalf("unknown event %q", line)
		}
		p.Tell(w.clock(), what, 0, 0, "")
	}
}

// exchanged answers the newest exchange of the page: with a status (0 for
// none), an error code, and what the server asks to wait.
func (p *page) exchanged(line []string) {
	bits, seconds, code, subject := int32(0), int32(0), "", ""
	for _, word := range line[1:] {
		switch {
		case word == "token":
			bits = protocol.Parsed | protocol.HasToken
			p.tokens = protocol.AccessToken | protocol.RefreshToken
		case word == "invalid_grant":
			code = word
		case word == "Alice", word == "Bob":
			subject = "1" + word
		default:
			seconds = p.w.number(word)
		}
	}
	p.Exchanged(p.w.clock(), p.running, p.w.number(line[0]), bits, seconds, code+"\n\n"+subject)
}
