package sim

import (
	"fmt"
	"strings"
)

// story tells a schedule in the words of the stories of wasm/tab: what happens
// to the pages, a line of dashes, and what that leads to. What the rest of the
// world does stands in comments.
type story struct {
	telling bool
	at      int64 // the time up to which it is told
	text    strings.Builder
	effects bool   // the last line is one
	waking  string // a page that has waked, which is told where it leads to something
}

// wakes notes a page whose timer has ended.
func (s *story) wakes(name string) {
	if s.telling {
		s.waking = name
	}
}

// happens tells an event.
func (s *story) happens(now int64, format string, args ...any) {
	if !s.telling {
		return
	}
	s.waking = ""
	if s.effects || now != s.at {
		s.text.WriteString("\n")
	}
	if now != s.at {
		fmt.Fprintf(&s.text, "after %d\n", now-s.at)
		s.at = now
	}
	s.effects = false
	fmt.Fprintf(&s.text, format+"\n", args...)
}

// leads tells what it leads to.
func (s *story) leads(now int64, format string, args ...any) {
	if !s.telling {
		return
	}
	if s.waking != "" {
		s.happens(now, "# %s wakes", s.waking)
	}
	if !s.effects {
		s.text.WriteString("----\n")
	}
	s.effects = true
	fmt.Fprintf(&s.text, format+"\n", args...)
}

// note tells what else there is to know.
func (s *story) note(format string, args ...any) {
	if s.telling {
		fmt.Fprintf(&s.text, "# "+format+"\n", args...)
	}
}
