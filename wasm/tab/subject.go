package tab

// person makes a number of what an answer says of whose session it is: a mark that
// tells what said so ("1" the server's own word for it, "0" a token's sub), and
// the name. 0 is nobody known. The number (FNV-1a, 29 bits) goes to other pages in
// the place of the name.
func person(text string) int32 {
	if len(text) < 2 {
		return 0
	}
	hash := uint32(2166136261)
	for i := 1; i < len(text); i++ {
		hash = (hash ^ uint32(text[i])) * 16777619
	}
	return int32(hash>>3)<<1 + int32(text[0]&1) + 2
}

// begins notes whose session the app has begun, or goes on with.
func (t *Tab) begins(same bool, subject int32) {
	if !same || subject != 0 {
		t.subject = subject
	}
	t.saidOf = t.tabs.Number()
}

// said is whose the session is, unless the renewal that there is was found by a probe,
// or told of, without a word of whose it is.
func (t *Tab) said() int32 {
	if t.saidOf != t.tabs.Number() {
		return 0
	}
	return t.subject
}

// becomes notes whose session it is now, and says whether that is known to be
// somebody else than before. What two sources say is not compared: they may name
// one person in two ways.
func (t *Tab) becomes(subject int32) (other bool) {
	if subject == 0 {
		return false
	}
	other = t.subject != 0 && subject != t.subject && (subject^t.subject)&1 == 0
	t.subject, t.saidOf = subject, t.tabs.Number()
	return other
}
