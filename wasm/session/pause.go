package session

// pause is a URL that stays unauthorized while others are not: no exchange
// is begun for it until a time.
type pause struct {
	url        string
	until      int64
	length     int64
	generation int32 // that it was last refused with
}

// pause begins or doubles the pause of the call's URL, once per generation.
func (s *Session) pause(now int64, c *call) {
	for i := range s.pauses {
		p := &s.pauses[i]
		if p.url != string(c.url) {
			continue
		}
		if p.generation != c.generation {
			p.generation = c.generation
			p.length = min(2*p.length, longestPause)
			p.until = now + p.length
		}
		return
	}
	if len(s.pauses) == maxPauses {
		copy(s.pauses, s.pauses[1:])
		s.pauses = s.pauses[:maxPauses-1]
	}
	s.pauses = append(s.pauses, pause{string(c.url), now + firstPause, firstPause, c.generation})
}

func (s *Session) paused(now int64, url []byte) bool {
	for i := range s.pauses {
		if s.pauses[i].url == string(url) {
			return now < s.pauses[i].until
		}
	}
	return false
}

// renewedInVain says that a URL has refused this generation after an exchange that
// its own 401 led to.
func (s *Session) renewedInVain() bool {
	for i := range s.pauses {
		if s.pauses[i].generation == s.generation {
			return true
		}
	}
	return false
}

// resume ends the pause of a URL that was answered otherwise than 401.
func (s *Session) resume(url []byte) {
	for i := range s.pauses {
		if s.pauses[i].url == string(url) {
			s.pauses = append(s.pauses[:i], s.pauses[i+1:]...)
			return
		}
	}
}
