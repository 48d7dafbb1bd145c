package cut_test

import (
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/cut"
)

func TestAt(t *testing.T) {
	for _, text := range []string{"", ",", "a", "a,b", ",a", "a,", "a,b,c", ",,"} {
		before, after, found := cut.At(text, ',')
		wantBefore, wantAfter, want := strings.Cut(text, ",")
		if before != wantBefore || after != wantAfter || found != want {
			t.Errorf("At(%q) = %q, %q, %v; want %q, %q, %v", text, before, after, found, wantBefore, wantAfter, want)
		}
	}
}
