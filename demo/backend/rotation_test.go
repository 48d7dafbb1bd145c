//go:build !js

package backend

import (
	"path/filepath"
	"sync"
	"testing"
)

// Several servers may share one database, as Workers do: the statement must decide, no lock of a process.
func TestOneRotationAcrossServers(t *testing.T) {
	const servers, tries, rounds = 4, 50, 5
	path := filepath.Join(t.TempDir(), "a b?c#.sqlite")
	keys := testKeys(t)
	var stores []store
	for range servers {
		stores = append(stores, openStore(t, path))
	}
	token := newFamily(t, stores[0], keys)
	for round := range rounds {
		var wg sync.WaitGroup
		gate := make(chan struct{})
		outcomes := make([]outcome, tries)
		for i := range tries {
			wg.Go(func() {
				<-gate
				r, err := stores[i%servers].rotate(t.Context(), token.family, hashed(keys, token), hashed(keys, token.successor()), testNow)
				if err != nil {
					t.Error(err)
				}
				if r.Rotation != int64(round+1) {
					t.Errorf("rotation %d in round %d", r.Rotation, round)
				}
				outcomes[i] = r.outcome
			})
		}
		close(gate)
		wg.Wait()
		n := map[outcome]int{}
		for _, o := range outcomes {
			n[o]++
		}
		if n[rotated] != 1 || n[graced] != tries-1 {
			t.Fatalf("round %d: outcomes %v", round, n)
		}
		token = token.successor()
	}
}

// Copies that overtake each other on their way to the database are judged as the latest of them.
func TestLateCopyStaysLate(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	token, now := newFamily(t, s, keys), int64(testNow)
	present := func(now int64) outcome {
		t.Helper()
		r, err := s.rotate(t.Context(), token.family, hashed(keys, token), hashed(keys, token.successor()), now)
		if err != nil {
			t.Fatal(err)
		}
		return r.outcome
	}
	for n, want := range []outcome{graced, graced, reused} {
		if got := present(now); got != rotated {
			t.Fatalf("rotation %d: outcome %v", n, got)
		}
		if got := present(now + 2001); got != want {
			t.Fatalf("rotation %d: a late copy has outcome %v", n, got)
		}
		if got := present(now + 1999); got != graced && want == graced {
			t.Fatalf("rotation %d: a copy in time has outcome %v", n, got)
		}
		token, now = token.successor(), now+2001
	}
}

func TestRotateUnknownFamily(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	token := refreshToken{carrier: inBody, family: newFamilyID()}
	r, err := s.rotate(t.Context(), token.family, hashed(keys, token), hashed(keys, token.successor()), testNow)
	if err != nil || r.outcome != refused {
		t.Fatalf("outcome %v, %v", r.outcome, err)
	}
}

// While the refresh is down even a reused token must not change anything: the page is told to come back later.
func TestDowntimeJudgesNoToken(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	old := newFamily(t, s, keys)
	token := old
	for range 2 {
		if _, err := s.rotate(t.Context(), token.family, hashed(keys, token), hashed(keys, token.successor()), testNow); err != nil {
			t.Fatal(err)
		}
		token = token.successor()
	}
	if err := s.downRefresh(t.Context(), token.family, testNow+1000); err != nil {
		t.Fatal(err)
	}
	for _, presented := range []refreshToken{old, token} {
		r, err := s.rotate(t.Context(), token.family, hashed(keys, presented), hashed(keys, presented.successor()), testNow)
		if err != nil || r.outcome != unavailable || r.downUntil != testNow+1000 {
			t.Fatalf("outcome %v until %d, %v", r.outcome, r.downUntil, err)
		}
	}
	r, err := s.rotate(t.Context(), token.family, hashed(keys, token), hashed(keys, token.successor()), testNow+1000)
	if err != nil || r.outcome != rotated {
		t.Fatalf("outcome %v, %v", r.outcome, err)
	}
}
