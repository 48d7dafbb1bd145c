package session

import "github.com/fetch401/fetch401/wasm/challenge"

// action is what becomes of a 401.
type action uint8

const (
	toDeliver action = iota // it is handed to its caller
	toHold                  // it waits for what is under way already
	toRenew                 // it waits for an exchange
	toSend                  // the call is sent again at once
	toSignIn                // it is handed out, and the ended session leads to login
	toStepUp                // it is handed out, and leads to login in a session that goes on
	toEnd                   // it ends the session, which leads to login
)

// outcome is an action, and the reason for which a 401 is handed out; of a step-up,
// what it demands.
type outcome struct {
	action action
	reason string
}

// Unauthorized tells of a 401, the method of its call, and its
// WWW-Authenticate field, all values joined; empty where there is none or it
// cannot be read. Where done is true, a part of what the call asked for may
// have been done, and it must not be sent again: it is a write that was
// answered with a redirect, say. It says whether that was the Probe's.
func (s *Session) Unauthorized(now int64, id int32, done bool, method, field string) (probe bool) {
	c := s.call(id)
	if c == nil {
		return false
	}
	c.once = c.once || done
	c.method = method
	decided := s.judge(now, c, challenge.Judge(field, s.bearing() || s.token != 0))
	if decided.action == toStepUp {
		decided.reason = challenge.Demand(field)
	}
	s.carryOut(now, id, decided)
	return s.probed(id)
}

// judge says what becomes of a call's 401. The order counts: what is said of
// the call itself comes before the state of the session, and what is under way
// before what could be begun.
func (s *Session) judge(now int64, c *call, verdict challenge.Verdict) outcome {
	switch {
	case verdict == challenge.Foreign:
		return outcome{toDeliver, ForeignChallenge}
	case verdict == challenge.InsufficientScope:
		return outcome{toDeliver, InsufficientScope}
	case c.session != s.number:
		// Never send one person's call with another person's credentials.
		return outcome{toDeliver, SessionEnded}
	case s.life.over():
		return s.judgeEnded(now, c)
	case verdict == challenge.StepUp:
		return outcome{action: toStepUp}
	case s.life == promised:
		return outcome{action: toHold}
	case c.generation != s.generation:
		return judgeStraggler(c)
	case s.means == faulty:
		return outcome{toDeliver, Misconfigured}
	case c.last:
		return outcome{toDeliver, RefreshFailedCode}
	case c.again:
		return s.judgeAgain(now, c)
	case c.sends >= maxSends:
		return outcome{toDeliver, StillUnauthorized}
	case s.exchange.active():
		return outcome{action: toRenew}
	case s.paused(now, c.url):
		return s.judgeRefusing(c)
	case c.failures != s.failures && now-s.failedAt < sharedFailure:
		// The exchange that this call would begin was tried while it was
		// under way, and has just failed.
		return outcome{toDeliver, RefreshFailedCode}
	case s.means == nothing:
		return s.judgeUnrenewable()
	}
	return outcome{action: toRenew}
}

// judgeEnded judges a 401 once the session has ended. It is delivered at once,
// except that cookies may have been renewed elsewhere since: after a while one
// exchange is tried.
func (s *Session) judgeEnded(now int64, c *call) outcome {
	s.refuses(c)
	switch {
	case s.exchange.active():
		return outcome{action: toHold}
	case s.cookies() && s.life != signedOut && now-s.endedAt > probeAfter && c.sends < maxSends:
		return outcome{action: toRenew}
	case s.life == owing:
		return outcome{toSignIn, SessionEnded}
	}
	return outcome{toDeliver, SessionEnded}
}

// judgeStraggler judges a 401 that speaks of older credentials than the
// present ones: they were renewed while the call was under way.
func judgeStraggler(c *call) outcome {
	switch {
	case c.once:
		return outcome{toDeliver, NotReplayable}
	case c.sends >= maxSends:
		return outcome{toDeliver, StillUnauthorized}
	}
	return outcome{action: toSend}
}

// judgeAgain judges a 401 to credentials that are fresh from an exchange: in a
// session in which no call ever got on, they are worth nothing; where one did,
// it is this URL that refuses them.
func (s *Session) judgeAgain(now int64, c *call) outcome {
	if s.trust == unproven {
		return outcome{toEnd, StillUnauthorized}
	}
	s.pause(now, c)
	return s.judgeRefusing(c)
}

// judgeRefusing judges the 401 of a URL that refuses good credentials, unless
// so many URLs do, and none speaks for them, that they cannot be good. Where all of
// these did so before, with older ones, that is for an exchange to say.
func (s *Session) judgeRefusing(c *call) outcome {
	s.refuses(c)
	switch {
	case len(s.refusing) < refusingEnds || s.trust == vouched:
		return outcome{toDeliver, StillUnauthorized}
	case s.means == usable && !s.renewedInVain():
		return outcome{action: toRenew}
	}
	return outcome{toEnd, StillUnauthorized}
}

// judgeUnrenewable judges a 401 that nothing can help.
func (s *Session) judgeUnrenewable() outcome {
	if !s.config.NoExchange {
		return outcome{toEnd, NoCredentials}
	}
	return outcome{toEnd, SessionEnded}
}

// carryOut does what was decided of a call's 401.
func (s *Session) carryOut(now int64, id int32, o outcome) {
	c := &s.calls[id]
	switch o.action {
	case toHold:
		s.hold(now, c)
	case toRenew:
		s.hold(now, c)
		s.renew()
	case toSend:
		c.again = false
		s.send(id)
	case toSignIn:
		s.deliver(id, s.signIn(c, o.reason))
	case toStepUp:
		s.deliver(id, s.stepUp(now, c, o.reason))
	case toEnd:
		s.end(now)
		s.refuses(c)
		s.deliver(id, s.signIn(c, o.reason))
	default:
		s.deliver(id, o.reason)
	}
}

// refuses remembers a URL that has answered 401.
func (s *Session) refuses(c *call) {
	if s.hasRefused(c.url) || len(s.refusing) == maxRefusing {
		return
	}
	s.refusing = append(s.refusing, string(c.url))
}

func (s *Session) hasRefused(url []byte) bool {
	for i := range s.refusing {
		if s.refusing[i] == string(url) {
			return true
		}
	}
	return false
}
