// Package cut splits text. It stands in for strings.Cut, whose search for
// separators of any length is half a kilobyte of the shipped program.
package cut

// At gives the text before and after the first separator; all of it and
// nothing, where there is none.
func At(text string, separator byte) (before, after string, found bool) {
	for i := 0; i < len(text); i++ {
		if text[i] == separator {
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}
