package session

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/grant"
	"github.com/fetch401/fetch401/wasm/protocol"
	"github.com/fetch401/fetch401/wasm/stories"
)

// TestStories tells each story under testdata: paragraphs of events, a line
// of dashes, and the effects that they lead to. A line of effects that repeats
// for calls with consecutive numbers is folded: `send 1..100`.
func TestStories(t *testing.T) { stories.Run(t, tell) }

// calendar is the time of day at which the clock of the stories shows 0.
const calendar = 1_700_000_000_000

type teller struct {
	t       *testing.T
	s       *Session
	now     int64
	set     int64 // how far the time of day was set since
	number  int32 // of the exchange that was granted last
	others  bool  // there are other pages, which may not grant one
	effects []Effect
}

func tell(t *testing.T, text string) string {
	tale := &teller{t: t, now: 1_000_000}
	return stories.Tell(text, func(line string) {
		tale.event(line)
		tale.grant()
	}, tale.told)
}

func (w *teller) event(line string) {
	words := strings.Fields(line)
	rest := words[1:]
	has := func(word string) bool {
		for _, r := range rest {
			if r == word {
				return true
			}
		}
		return false
	}
	number := func(name string) int64 {
		for _, r := range rest {
			if v, ok := strings.CutPrefix(r, name+"="); ok {
				n, err := strconv.ParseInt(v, 10, 64)
				if err != nil {
					w.t.Fatalf("%s: %v", line, err)
				}
				return n
			}
		}
		return 0
	}
	if words[0] == "config" {
		early := int64(-1)
		if seconds := number("early"); seconds > 0 || has("early=0") {
			early = seconds * 1000
		}
		kinds := map[string]grant.Kind{"cookie": grant.Cookie, "attach": grant.Attach, "bearer": grant.Token, "app": grant.App}
		w.number, w.others = 0, has("others")
		if has("young") {
			w.now = 1000 // The page has just begun, and its clock with it.
		}
		w.s = New(Config{
			Kind: kinds[rest[0]], NoExchange: has("login-only"),
			LoginURL: !has("no-login-url"), CrossOrigin: has("cross-origin"), Timeout: 10_000, Early: early,
		})
		return
	}
	s := w.s
	s.Calendar(calendar + w.now + w.set)
	switch words[0] {
	case "place":
		s.Observe(PageState{OnLogin: has("on-login"), Looping: has("looping"), Framed: has("framed"),
			Hidden: has("hidden"), Prerendering: has("prerendering")})
	case "clock":
		// The time of day is set forward, or back.
		ms, err := strconv.ParseInt(rest[0], 10, 64)
		if err != nil {
			w.t.Fatalf("%s: %v", line, err)
		}
		w.set += ms
	case "after":
		ms, err := strconv.ParseInt(rest[0], 10, 64)
		if err != nil {
			w.t.Fatalf("%s: %v", line, err)
		}
		w.now += ms
	case "asleep":
		// Time passes, and the clock of the deadlines stands still.
		ms, err := strconv.ParseInt(rest[0], 10, 64)
		if err != nil {
			w.t.Fatalf("%s: %v", line, err)
		}
		w.set += ms
	case "tick":
		s.Tick(w.now)
	case "start":
		var flags int32
		if has("stream") {
			flags |= protocol.Stream
		}
		if has("nologin") {
			flags |= protocol.NoLogin
		}
		if has("sent") {
			flags |= protocol.Sent
		}
		if has("earlier") {
			flags |= protocol.Earlier
		}
		if has("asks-token") {
			flags |= protocol.AsksToken
		}
		w.each(rest[0], func(id int32) {
			url := strings.ReplaceAll(rest[1], "{}", strconv.Itoa(int(id)))
			if token, send := s.Started(w.now, id, flags, "https://app.test"+url); send {
				s.do(protocol.Send, id, token, "")
			}
		})
	case "ok":
		w.each(rest[0], func(id int32) { w.found("fresh", s.Answered(id)) })
	case "failed":
		w.each(rest[0], func(id int32) { w.found("nothing", s.Failed(id)) })
	case "401":
		field := strings.Join(rest[1:], " ")
		field, done := strings.CutPrefix(field, "redirected")
		w.each(rest[0], func(id int32) {
			w.found("stale", s.Unauthorized(w.now, id, done, "GET", strings.TrimSpace(field)))
		})
	case "exchanged":
		classes := map[string]grant.Class{"renewed": grant.Renewed, "final": grant.Final, "transient": grant.Transient, "fault": grant.Fault}
		n, err := strconv.Atoi(rest[0])
		class, ok := classes[rest[1]]
		if err != nil || !ok {
			w.t.Fatalf("%s: exchanged NUMBER CLASS", line)
		}
		r := Result{Number: int32(n), Class: class, Network: has("network_error"), Void: has("void"), Other: has("other"), Token: has("token"), ExpiresIn: number("expires_in")}
		if class != grant.Renewed {
			r.Code = grant.Error(rest[2])
		}
		s.Exchanged(w.now, r)
	case "granted":
		w.number = int32(number("exchange"))
		s.Granted(w.now, w.number)
	case "adopted":
		s.Adopted(w.now, int32(number("renewal")), has("other"), has("access"), has("refresh"), number("expires_in"))
	case "denied":
		s.Denied()
	case "refused":
		s.Refused(w.now)
	case "probe":
		if !s.Probe() {
			w.effects = append(w.effects, Effect{Kind: Renew, Call: none - 1})
		}
	case "hid":
		s.Hid()
	case "able":
		s.Able()
	case "refresh":
		s.Refresh(w.now)
	case "tokens":
		s.Tokens(w.now, has("same"), has("access"), has("refresh"), number("expires_in"))
	case "promised":
		s.Promised(w.now, has("same"))
	case "broken":
		s.Broken(w.now)
	case "cleared":
		s.Cleared(w.now, has("same"))
	case "shown":
		s.Shown(has("restored"))
	case "login":
		s.LoginAsked(strings.Join(rest, " "))
	case "leaving":
		if s.Leaving() {
			s.do(protocol.Navigate, 0, 0, "")
		}
	default:
		w.t.Fatalf("unknown event %q", line)
	}
}

// found writes down what the probe has shown.
func (w *teller) found(what string, probe bool) {
	if probe {
		w.grant()
		w.effects = append(w.effects, Effect{Kind: Renew, Text: what})
	}
}

func (w *teller) each(ids string, do func(int32)) {
	from, to, several := strings.Cut(ids, "..")
	first, err := strconv.Atoi(from)
	last := first
	if several && err == nil {
		last, err = strconv.Atoi(to)
	}
	if err != nil {
		w.t.Fatalf("call %q: %v", ids, err)
	}
	for id := first; id <= last; id++ {
		do(int32(id))
	}
}

// grant takes the effects. A page that is alone may always exchange at once.
func (w *teller) grant() {
	if w.s == nil {
		return
	}
	for _, e := range append([]Effect(nil), w.s.Take()...) {
		if e.Kind == Renew && e != (Effect{Kind: Renew}) {
			w.t.Errorf("a renewal is asked for with what it does not use: %+v", e)
		}
		if e.Kind == Renew && !w.others {
			w.number++
			w.s.Granted(w.now, w.number)
			w.effects = append(w.effects, w.s.Take()...)
		} else {
			w.effects = append(w.effects, e)
		}
	}
	if w.s.Unneeded() {
		w.effects = append(w.effects, Effect{Kind: Renew, Call: none})
	}
}

// told writes the effects down, folded.
func (w *teller) told() string {
	var lines []string
	var last Effect
	first := int32(0)
	taken := w.effects
	w.effects = nil
	for _, e := range taken {
		next := last
		next.Call++
		if (e.Kind == protocol.Send || e.Kind == protocol.Deliver) && len(lines) > 0 && e == next {
			last = e
			lines[len(lines)-1] = describe(e, fmt.Sprintf("%d..%d", first, e.Call))
			continue
		}
		last, first = e, e.Call
		lines = append(lines, describe(e, fmt.Sprint(e.Call)))
	}
	if held := w.s.Held(); held > 0 {
		lines = append(lines, fmt.Sprintf("(%d wait)", held))
	}
	if len(lines) == 0 {
		return "(nothing)"
	}
	return strings.Join(lines, "\n")
}

// describe says what an effect asks for; a field that its kind does not use is
// to be empty.
func describe(e Effect, call string) string {
	rest := e
	switch e.Kind {
	case protocol.Send:
		rest.Call, rest.Number = 0, 0
	case protocol.Deliver:
		rest.Call, rest.Text = 0, ""
	case protocol.Adopt:
		rest.Call, rest.Number = 0, 0
	case protocol.Exchange, protocol.Wake, protocol.NewSession, protocol.SessionChanged:
		rest.Number = 0
	case protocol.RefreshFailed:
		rest.Call, rest.Number, rest.Text = 0, 0, ""
	case protocol.Login:
		rest.Number, rest.Text = 0, ""
	case protocol.Complain:
		rest.Number, rest.Text = 0, ""
	case protocol.Settle, protocol.Navigate:
		rest.Text = ""
	case Renew: // the teller tells more by it
		rest = Effect{}
	}
	if rest != (Effect{Kind: e.Kind}) {
		return fmt.Sprintf("an effect with what it does not use: %+v", e)
	}
	switch e.Kind {
	case Renew:
		switch {
		case e.Text != "":
			return "(the probe found: " + e.Text + ")"
		case e.Call == none:
			return "(no renewal is needed any more)"
		case e.Call < none:
			return "(nothing to probe with)"
		}
		return "ask for a renewal"
	case protocol.Send:
		if e.Number == 0 {
			return "send " + call
		}
		return fmt.Sprintf("send %s with token %d", call, e.Number)
	case protocol.Deliver:
		return fmt.Sprintf("deliver 401 of %s: %s", call, e.Text)
	case protocol.Exchange:
		return fmt.Sprintf("exchange %d", e.Number)
	case protocol.Adopt:
		if e.Call == 0 {
			return fmt.Sprintf("generation %d begins", e.Number)
		}
		return fmt.Sprintf("generation %d begins, from exchange %d", e.Number, e.Call)
	case protocol.NewSession:
		return fmt.Sprintf("another session begins, from exchange %d", e.Number)
	case protocol.SessionChanged:
		return fmt.Sprintf("generation %d is somebody else's", e.Number)
	case protocol.RefreshFailed:
		if e.Number == 1 {
			return "refresh failed for good: " + e.Text
		}
		return "refresh failed: " + e.Text
	case protocol.Login:
		told := strings.SplitN(e.Text, "\n", 4)
		if len(told) > 3 && told[3] != "\n" {
			told[2] += ", demanding " + strings.ReplaceAll(told[3], "\n", " and ")
		}
		text := told[0]
		if len(told) > 1 {
			text += ", for " + told[1] + " " + told[2]
		}
		if e.Number == 1 {
			return "login, leaving: " + text
		}
		return "login, event only: " + text
	case protocol.Settle:
		return "refresh() is " + e.Text
	case protocol.Wake:
		return fmt.Sprintf("wake in %d ms", e.Number)
	case protocol.Complain:
		return "complain " + e.Text
	case protocol.Navigate:
		return "leave for login"
	}
	return fmt.Sprintf("unknown effect %d", e.Kind)
}
