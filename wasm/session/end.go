package session

import "github.com/fetch401/fetch401/wasm/protocol"

// end ends the session. Its login is owed until it is fired.
func (s *Session) end(now int64) {
	s.life = owing
	s.endedAt = now
}

// revive begins the session again that had ended, where a call shows that its
// cookies are good once more: the person has signed in, here or elsewhere. Only
// a URL that has answered 401 since the end can show it, for another one may
// be public.
func (s *Session) revive(c *call) {
	if !s.cookies() || s.life == signedOut || !s.hasRefused(c.url) {
		return
	}
	s.live()
	s.trust = vouched
}

// live begins a session in the place of the one that has ended. It may be
// another person's: calls of before are not sent again.
func (s *Session) live() {
	s.number++
	s.life, s.trust = alive, unproven
	s.postponed = ""
	s.refusing = s.refusing[:0]
}

// signIn fires the login of the session that has ended, for a call, and returns
// the reason for which the call's 401 is delivered.
func (s *Session) signIn(c *call, reason string) string {
	told, fired := s.login(c, reason, "")
	if fired {
		s.life = ended
	}
	return told
}

// stepUp fires the login that asks for a stronger sign-in (RFC 9470 §3), in a
// session that goes on; calls that come at the same time ask once.
func (s *Session) stepUp(now int64, c *call, demand string) string {
	if s.stepUpAt != 0 && now-s.stepUpAt <= probeAfter {
		return StepUp
	}
	told, fired := s.login(c, StepUp, "\n"+demand)
	if fired || told == LoginLoop {
		s.stepUpAt = now
	}
	return told
}

// login fires the login event for a call, if the page is where that may be.
// It returns the reason for which the call's 401 is delivered.
func (s *Session) login(c *call, reason, demand string) (told string, fired bool) {
	switch {
	case c.noLogin || s.page.OnLogin:
		return reason, false
	case s.leaves() && s.page.Looping:
		return LoginLoop, false
	}
	s.fire(reason + "\n" + c.method + "\n" + string(c.url) + demand)
	return reason, true
}

// fire fires the login event now, or once the page is visible.
func (s *Session) fire(login string) {
	if s.unseen() {
		s.postponed = login
		return
	}
	var leaving int32
	if s.leaves() {
		leaving = 1
	}
	s.do(protocol.Login, 0, leaving, login)
}

// unseen says that nobody looks at the page.
func (s *Session) unseen() bool { return s.page.Hidden || s.page.Prerendering }

// leaves says that a login event leads away from the page.
func (s *Session) leaves() bool { return s.config.LoginURL && !s.page.Framed }

// LoginAsked tells that the app wants the person to sign in now. A click is
// no loop: the guard counts it, and does not refuse it.
func (s *Session) LoginAsked(reason string) {
	if s.page.OnLogin {
		return
	}
	if reason == "" {
		reason = NoCredentials
		if s.life.over() {
			reason = SessionEnded
		}
	}
	s.fire(reason)
}

// Leaving tells that the page is about to leave for the login URL, and says
// whether it may: never while it is there.
func (s *Session) Leaving() bool { return !s.page.OnLogin && s.leaves() }

// Shown tells that the page became visible or active, or, where restored is
// true, that it came back from the back/forward cache: the person may have
// signed in meanwhile.
func (s *Session) Shown(restored bool) {
	if restored && s.life.over() && s.life != signedOut {
		s.live()
	}
	if s.unseen() {
		return
	}
	s.renewIfWanted()
	if s.postponed != "" && s.life.over() && s.life != signedOut && s.cookies() && s.means == usable {
		// The person may have signed in elsewhere meanwhile.
		s.renew()
		return
	}
	s.firePostponed()
}

// firePostponed fires the login that waited for the page to be visible.
func (s *Session) firePostponed() {
	login := s.postponed
	if login == "" || s.unseen() {
		return
	}
	s.postponed = ""
	if !s.page.OnLogin {
		s.fire(login)
	}
}
