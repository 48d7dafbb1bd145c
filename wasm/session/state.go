package session

// life is whether the session lives.
type life uint8

const (
	alive     life = iota
	promised       // the app has promised its tokens, for which calls wait
	ended          // 401s are handed to their callers
	owing          // the same, and its login has yet to be fired
	signedOut      // the person has ended it: no exchange and no login
)

// over says that the session has ended, in whatever way.
func (l life) over() bool { return l >= ended }

// means is what there is to renew the session with.
type means uint8

const (
	nothing means = iota // a 401 leads to login
	awaited              // the app's own function, which it has not given yet
	usable               // an exchange can be made
	faulty               // it can, and its answers showed a wrong configuration
)

// trust is what speaks for the credentials.
type trust uint8

const (
	unproven trust = iota // no call of the session was answered otherwise than 401
	proven                // one was
	vouched               // one of this generation was
)
