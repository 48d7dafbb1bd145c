package challenge

// longestDemand is how long acr_values may be: it goes into an address.
const longestDemand = 512

// Demand gives what a step-up asks for (RFC 9470 §3), a line each: acr_values
// and max_age of the first challenge that names them, empty where none does or
// what it says is nothing of the kind (printable ASCII; whole seconds).
func Demand(field string) string {
	acrValues, maxAge := "", ""
	r := reader{field: field, whole: true}
	for r.next() {
		switch {
		case r.scheme:
		case is(r.name, "acr_values") && acrValues == "" && len(r.value) <= longestDemand && within(r.value, ' ', '~'):
			acrValues = r.value
		case is(r.name, "max_age") && maxAge == "" && len(r.value) <= 10 && within(r.value, '0', '9'):
			maxAge = r.value
		}
	}
	return acrValues + "\n" + maxAge
}

// within says that each character of the text is one from low to high.
func within(text string, low, high byte) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < low || text[i] > high {
			return false
		}
	}
	return true
}
