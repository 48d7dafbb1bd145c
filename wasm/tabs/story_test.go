package tabs

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/stories"
)

// TestStories tells each story under testdata: what happens to one page, a
// line of dashes, and the effects.
func TestStories(t *testing.T) { stories.Run(t, tell) }

type teller struct {
	t   *testing.T
	p   *Page
	now int64
}

func tell(t *testing.T, text string) string {
	tale := &teller{t: t, now: 1_000_000}
	return stories.Tell(text, tale.event, tale.effects)
}

var (
	kinds    = map[string]grant.Kind{"cookie": grant.Cookie, "attach": grant.Attach, "bearer": grant.Token, "app": grant.App}
	messages = map[string]Told{"began": Began, "renewed": Renewed, "failed": Failed, "ended": Ended,
		"ask": Ask, "have": Have, "signed_in": SignedIn, "signed_out": SignedOut, "unheard_of": SignedOut + 1}
	classes = map[string]grant.Class{"renewed": grant.Renewed, "final": grant.Final, "transient": grant.Transient, "fault": grant.Fault}
	finds   = map[string]Found{"nothing": Nothing, "stale": Stale, "fresh": Fresh}
)

// words are those of an event, its verb first.
type words []string

func (w words) has(word string) bool {
	for _, one := range w[1:] {
		if one == word {
			return true
		}
	}
	return false
}

// number is that of NAME=NUMBER, or other.
func (w words) number(t *testing.T, name string, other int64) int64 {
	t.Helper()
	for _, one := range w {
		if v, ok := strings.CutPrefix(one, name+"="); ok {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				t.Fatalf("%v: %v", w, err)
			}
			return n
		}
	}
	return other
}

// name finds what a word stands for.
func name[V any](t *testing.T, names map[string]V, word string) V {
	t.Helper()
	v, ok := names[word]
	if !ok {
		t.Fatalf("unknown word %q", word)
	}
	return v
}

func (w *teller) message(line words) Message {
	n, err := strconv.Atoi(line[2])
	if err != nil {
		w.t.Fatalf("%v: %s KIND NUMBER", line, line[0])
	}
	// As an honest sender has it, if not said otherwise.
	newest := int64(n)
	if m := name(w.t, messages, line[1]); m == Began || m == Failed || m == Ended {
		newest = max(newest-1, 0)
	}
	return Message{
		Version:  int32(line.number(w.t, "version", version)),
		Kind:     name(w.t, messages, line[1]),
		Number:   int32(n),
		Newest:   int32(line.number(w.t, "newest", newest)),
		Session:  int32(line.number(w.t, "session", int64(w.p.session))),
		Wait:     int32(line.number(w.t, "wait", 0)),
		Failures: int32(line.number(w.t, "failures", 0)),
		Tokens:   line.has("tokens"),
	}
}

func (w *teller) event(text string) {
	line := words(strings.Fields(text))
	p := w.p
	switch line[0] {
	case "page":
		w.p = New(Config{Kind: name(w.t, kinds, line[1]), Share: line.has("share"), Alone: line.has("alone")})
	case "after":
		ms, err := strconv.ParseInt(line[1], 10, 64)
		if err != nil {
			w.t.Fatalf("%s: %v", text, err)
		}
		w.now += ms
		p.Tick(w.now)
	case "noted":
		p.Noted(w.now, line.number(w.t, "age", 0), w.message(line))
	case "opened":
		p.Opened(w.now, line.number(w.t, "calendar", 0))
	case "hid":
		p.Hid(w.now)
	case "reachable":
		p.Reachable()
	case "wanted":
		p.Wanted(w.now)
	case "unwanted":
		p.Unwanted()
	case "granted":
		p.Granted(w.now, line.has("contended"), int32(line.number(w.t, "renewed", 0)), int32(line.number(w.t, "failed", 0)))
	case "lock_failed":
		p.LockFailed(w.now)
	case "probed":
		p.Probed(w.now, name(w.t, finds, line[1]))
	case "exchanged":
		n, err := strconv.Atoi(line[1])
		if err != nil {
			w.t.Fatalf("%s: exchanged NUMBER CLASS", text)
		}
		if !p.Exchanged(w.now, Result{int32(n), name(w.t, classes, line[2]), line.has("network"), line.number(w.t, "retry_after", 0)}) {
			p.effects = append(p.effects, Effect{}) // to be seen in the story
		}
	case "heard":
		p.Heard(w.now, line.number(w.t, "age", 0), w.message(line))
	case "dropped":
		p.Dropped()
	case "signed_in":
		p.SignedIn(w.now-line.number(w.t, "ago", 0), line.number(w.t, "calendar", 0))
	case "signed_out":
		p.SignedOut(w.now-line.number(w.t, "ago", 0), line.number(w.t, "calendar", 0))
	default:
		w.t.Fatalf("unknown event %q", text)
	}
}

func (w *teller) effects() string {
	var lines []string
	for _, e := range w.p.Take() {
		lines = append(lines, e.String())
	}
	if due := w.p.Due(); due != 0 {
		lines = append(lines, fmt.Sprintf("(due in %d ms)", due-w.now))
	}
	if len(lines) == 0 {
		return "(nothing)"
	}
	return strings.Join(lines, "\n")
}

func (e Effect) String() string {
	verbs := map[Kind]string{0: "(does not count)", Acquire: "acquire", Withdraw: "withdraw", Release: "release", Unmark: "unmark",
		Probe: "probe", Fail: "fail for now", End: "end the session", SignOut: "sign out"}
	numbered := map[Kind]string{MarkRenewed: "mark renewed", MarkFailed: "mark failed", Exchange: "exchange",
		Abort: "abort exchange", Adopt: "adopt", SignIn: "sign in"}
	if verb, ok := verbs[e.Kind]; ok {
		if e.Number != 0 {
			return fmt.Sprintf("an effect with what it does not use: %s %d", verb, e.Number)
		}
		return verb
	}
	if verb, ok := numbered[e.Kind]; ok {
		return fmt.Sprintf("%s %d", verb, e.Number)
	}
	if e.Kind != Announce {
		return fmt.Sprintf("unknown effect %d", e.Kind)
	}
	verb := "announce"
	if e.Number == 1 {
		verb = "announce and keep"
	}
	return verb + " " + e.Message.String()
}

func (m Message) String() string {
	kind := fmt.Sprint(int32(m.Kind))
	for word, k := range messages {
		if k == m.Kind {
			kind = word
		}
	}
	text := fmt.Sprintf("%s %d", kind, m.Number)
	for _, more := range []struct {
		name  string
		value int32
	}{{"newest", m.Newest}, {"session", m.Session}, {"wait", m.Wait}, {"failures", m.Failures}} {
		if more.value != 0 {
			text += fmt.Sprintf(" %s=%d", more.name, more.value)
		}
	}
	if m.Tokens {
		text += " with tokens"
	}
	return text
}
