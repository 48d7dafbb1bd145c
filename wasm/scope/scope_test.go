package scope_test

import (
	_ "embed"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/fetch401/fetch401/wasm/scope"
)

// The gate's tests read the same file: prefix and url are as people write them,
// for a page at https://app.example.com/shop/cart; normalPrefix and normal are
// origin + path as the URL Standard's parser gives them, which is what Go gets.
//
//go:embed testdata/vectors.json
var vectorsFile []byte

type vector struct {
	Prefix       string
	URL          string
	Match        bool
	Why          string
	NormalPrefix string
	Normal       string
}

func readVectors(t testing.TB) []vector {
	var list []vector
	if err := json.Unmarshal(vectorsFile, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) < 50 {
		t.Fatalf("only %d vectors", len(list))
	}
	return list
}

func TestVectors(t *testing.T) {
	for _, v := range readVectors(t) {
		if got := scope.New(v.NormalPrefix).Match(v.Normal); got != v.Match {
			t.Errorf("%s: prefix %q, url %q (%q): %v, want %v", v.Why, v.Prefix, v.URL, v.Normal, got, v.Match)
		}
	}
}

func TestList(t *testing.T) {
	l := scope.New("https://a.test/x\nhttps://b.test/\n\nhttps://c.test:8443/y/")
	for address, want := range map[string]bool{
		"https://a.test/x":        true,
		"https://a.test/x/1":      true,
		"https://a.test/":         false,
		"https://b.test/anything": true,
		"https://c.test:8443/y/z": true,
		"https://c.test:8443/y":   false,
		"https://d.test/x":        false,
		"":                        false,
	} {
		if got := l.Match(address); got != want {
			t.Errorf("Match(%q) = %v, want %v", address, got, want)
		}
	}
	if (scope.List{}).Match("https://a.test/x") || scope.New("").Match("") {
		t.Error("an empty list must match nothing")
	}
}

// A line without a complete origin would otherwise cover every host.
func TestIncompletePrefixMatchesNothing(t *testing.T) {
	for _, prefix := range []string{"\n", "/", "https:", "https:/", "https://", "https:///", "https:////x", "://a.test/", "//a.test/", "h"} {
		for _, address := range []string{"", "/", "h", "https:", "https:/", "https://", "https:///", "https:////x", "https://a.test/", "//a.test/", "://a.test/"} {
			if scope.New(prefix).Match(address) {
				t.Errorf("prefix %q matches %q", prefix, address)
			}
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, v := range readVectors(f) {
		f.Add(v.NormalPrefix, v.Normal)
		f.Add(v.Prefix, v.URL)
		f.Add(v.NormalPrefix, v.NormalPrefix+"/"+v.Normal)
	}
	f.Add("https://", "https://evil.test/")
	f.Add("https://a", "https://a/")
	f.Fuzz(func(t *testing.T, prefix, address string) {
		prefix, _, _ = strings.Cut(prefix, "\n")
		l := scope.New(prefix)
		matched := l.Match(address)
		if l.Match(prefix) && !l.Match(strings.TrimSuffix(prefix, "/")+"/x") {
			t.Errorf("prefix %q does not cover what is below it", prefix)
		}
		if scope.New("https://first.test/\n"+prefix+"\nhttps://last.test/").Match(address) != (matched ||
			scope.New("https://first.test/").Match(address) || scope.New("https://last.test/").Match(address)) {
			t.Errorf("a list of prefixes is not the union of them: %q, %q", prefix, address)
		}
		if !matched {
			return
		}
		// Origins, by two readings: up to the third slash, and by net/url.
		if a, b := rawOrigin(prefix), rawOrigin(address); a != b || strings.HasSuffix(a, "://") {
			t.Errorf("prefix %q matches %q of another origin", prefix, address)
		}
		p, err := url.Parse(prefix)
		u, err2 := url.Parse(address)
		if err == nil && err2 == nil && (p.Scheme != u.Scheme || p.Host != u.Host || p.User.String() != u.User.String()) {
			t.Errorf("prefix %q matches %q of another origin", prefix, address)
		}
		// Paths, segment by segment.
		want := strings.Split(strings.TrimSuffix(prefix, "/"), "/")
		got := strings.Split(address, "/")
		if len(got) < len(want) {
			t.Fatalf("prefix %q matches %q with fewer segments", prefix, address)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("prefix %q matches %q, whose segment %q differs", prefix, address, got[i])
			}
		}
	})
}

func rawOrigin(address string) string {
	parts := strings.SplitN(address, "/", 4)
	return strings.Join(parts[:min(3, len(parts))], "/")
}
