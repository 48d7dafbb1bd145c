//go:build !js

package backend

import "testing"

// A sign-in drops the sessions that nobody can renew any more, and no other.
func TestSignInSweepsWhatIsOver(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	over := newFamily(t, s, keys)
	end := int64(testNow + sessionLife.Milliseconds())
	for _, c := range []struct {
		now  int64
		left bool
	}{{end - 1, true}, {end, false}} {
		if err := s.create(t.Context(), family{ID: newFamilyID()}, "x", end+1, c.now); err != nil {
			t.Fatal(err)
		}
		if _, err := s.counts(t.Context(), over.family, testNow); (err == nil) != c.left {
			t.Errorf("%d ms before its end: %v", end-c.now, err)
		}
	}
}

// Half a sign-in is none, whichever half fails.
func TestCreateTellsOfEachFailure(t *testing.T) {
	s, keys := openStore(t, ""), testKeys(t)
	f := family{ID: newFamily(t, s, keys).family}
	if err := s.create(t.Context(), f, "x", testNow+1, testNow); err == nil {
		t.Error("two families have one id")
	}
	if _, err := s.db.Exec(`CREATE TRIGGER keep BEFORE DELETE ON families BEGIN SELECT RAISE(ABORT, 'kept'); END`); err != nil {
		t.Fatal(err)
	}
	if err := s.create(t.Context(), family{ID: newFamilyID()}, "x", testNow+1, testNow+2*sessionLife.Milliseconds()); err == nil {
		t.Error("what is over stays, and nobody hears of it")
	}
}
