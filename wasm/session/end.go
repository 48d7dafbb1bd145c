package session

func (s *Session) end(now int64) {
	s.ended = true
	s.endedAt = now
}

// revive begins the session again that had ended, where a call shows that its
// cookies are good once more: the person has signed in, here or elsewhere. Only
// a URL that has answered 401 since the end can show it, for another one may
// be public.
func (s *Session) revive(c *call) {
	if !s.cookies() || s.quiet || !s.hasRefused(c.url) {
		return
	}
	s.live()
	s.proven, s.answered = true, true
}

// live begins a session in the place of the one that has ended. It may be
// another person's: calls of before are not sent again.
func (s *Session) live() {
	s.number++
	s.ended, s.owed, s.postponed = false, false, ""
	s.proven, s.answered = false, false
	s.refusing = s.refusing[:0]
}

// afterEnd handles a 401 once the session has ended. It is delivered at once,
// except that cookies may have been renewed elsewhere since: after a while
// one exchange is tried.
func (s *Session) afterEnd(now int64, id int32) {
	c := &s.calls[id]
	s.refuses(c)
	if s.exchange.active {
		s.hold(now, c)
		return
	}
	if s.cookies() && !s.quiet && now-s.endedAt > probeAfter && c.sends < maxSends {
		s.hold(now, c)
		s.begin(now)
		return
	}
	s.deliver(id, s.owedLogin(now, id))
}

// owedLogin fires the login of an ended session that none of its calls could
// lead to yet, and returns the reason for which the 401 is delivered.
func (s *Session) owedLogin(now int64, id int32) string {
	if !s.owed {
		return SessionEnded
	}
	return s.login(now, id, SessionEnded)
}

// login fires the login event for a call, if the page is where that may be,
// and returns the reason for which the call's 401 is delivered.
func (s *Session) login(now int64, id int32, reason string) string {
	if s.calls[id].quiet || s.place.OnLogin {
		s.owed = true
		return reason
	}
	s.owed = s.leaves() && s.place.Looping
	if s.owed {
		return LoginLoop
	}
	s.do(Blame, id, 0, reason)
	s.fire(reason)
	return reason
}

// fire fires the login event now, or once the page is visible.
func (s *Session) fire(reason string) {
	if s.place.Hidden || s.place.Prerendering {
		s.postponed = reason
		return
	}
	var leave int32
	if s.leaves() {
		leave = 1
	}
	s.do(Login, 0, leave, reason)
}

// leaves says that a login event leads away from the page.
func (s *Session) leaves() bool { return s.config.LoginURL && !s.place.Framed }

// stepUp handles a 401 that asks for a stronger sign-in (RFC 9470 §3). It
// leads to login without ending the session; calls that come at the same time
// ask once.
func (s *Session) stepUp(now int64, id int32) {
	reason := StepUp
	if s.stepUpAt == 0 || now-s.stepUpAt > probeAfter {
		owed := s.owed
		reason = s.login(now, id, StepUp)
		if !s.calls[id].quiet && !s.place.OnLogin {
			s.stepUpAt = now
		}
		s.owed = owed
	}
	s.deliver(id, reason)
}

// LoginAsked tells that the app wants the person to sign in now. A click is
// no loop: the guard counts it, and does not refuse it.
func (s *Session) LoginAsked(reason string) {
	if s.place.OnLogin {
		return
	}
	if reason == "" {
		reason = NoCredentials
		if s.ended {
			reason = SessionEnded
		}
	}
	s.fire(reason)
}

// Leaving tells that the page is about to leave for the login URL, and says
// whether it may: never while it is there.
func (s *Session) Leaving() bool { return !s.place.OnLogin && s.leaves() }

// Shown tells that the page became visible or active, or, where restored is
// true, that it came back from the back/forward cache: the person may have
// signed in meanwhile.
func (s *Session) Shown(now int64, restored bool) {
	if restored && s.ended && !s.quiet {
		s.live()
	}
	if s.place.Hidden || s.place.Prerendering {
		return
	}
	s.beginWanted(now)
	if s.postponed != "" && s.ended && !s.quiet && s.cookies() && !s.fault {
		// The person may have signed in elsewhere meanwhile.
		s.begin(now)
		return
	}
	s.firePostponed()
}

// firePostponed fires the login that waited for the page to be visible.
func (s *Session) firePostponed() {
	reason := s.postponed
	s.postponed = ""
	if reason != "" && !s.place.OnLogin {
		s.fire(reason)
	}
}
