package backend

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

func fixedKeys(t testing.TB) Keys {
	t.Helper()
	keys, err := DeriveKeys([]byte("another secret for tests"))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestKeysDependOnTheSecretAlone(t *testing.T) {
	a, b := fixedKeys(t), fixedKeys(t)
	other, _ := DeriveKeys([]byte("another secret for tests2"))
	token := refreshToken{inBody, newFamilyID(), 3}
	if a.text(token) != b.text(token) || !bytes.Equal(a.access, b.access) {
		t.Error("one secret gave two keys")
	}
	if a.text(token) == other.text(token) || bytes.Equal(a.access, other.access) {
		t.Error("two secrets gave one key")
	}
	if bytes.Equal(a.access, a.refresh) {
		t.Error("both keys are the same")
	}
}

func TestRefreshTokenRoundTrip(t *testing.T) {
	k := fixedKeys(t)
	seen := map[string]bool{}
	for _, by := range []carrier{inCookie, inBody} {
		for _, n := range []uint64{0, 1, 1 << 40} {
			want := refreshToken{by, newFamilyID(), n}
			text := k.text(want)
			if got, ok := k.parseRefresh(text, by); !ok || got != want {
				t.Errorf("%v came back as %v, %v", want, got, ok)
			}
			if _, ok := k.parseRefresh(text, inCookie+inBody-by); ok {
				t.Error("a token passed for the other carrier")
			}
			if seen[text] || k.text(want.successor()) == text {
				t.Error("two tokens have one text")
			}
			seen[text] = true
		}
	}
}

// Every single bit of a refresh token is under its MAC, and no other spelling of it passes.
func TestBentRefreshTokens(t *testing.T) {
	k := fixedKeys(t)
	text := k.text(refreshToken{inBody, newFamilyID(), 7})
	raw, _ := b64.DecodeString(text)
	for i := range raw {
		for bit := range 8 {
			raw[i] ^= 1 << bit
			if _, ok := k.parseRefresh(b64.EncodeToString(raw), inBody); ok {
				t.Errorf("byte %d bit %d may be bent", i, bit)
			}
			raw[i] ^= 1 << bit
		}
	}
	for _, other := range []string{text + "=", text + "\n", " " + text, text[:40] + "\n" + text[40:], ""} {
		if _, ok := k.parseRefresh(other, inBody); ok {
			t.Errorf("another spelling passed: %q", other)
		}
	}
}

// Tokens outlive a deployment: what an earlier one handed out is still good, as long as the secret is the same.
func TestTokensOfAnEarlierDeployment(t *testing.T) {
	k := fixedKeys(t)
	id := b64.EncodeToString(make([]byte, familySize))
	for text, want := range map[string]refreshToken{
		"YwAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAgFKTjfwaoKzf0GKnWgzBmkxMR2KA-eL-8UJvypZ9R9O": {inCookie, id, 258},
		"YgAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAlJsn7ND7GrkHIcdwV88r5zMae8BUHA0Zx7FN8s29Aht": {inBody, id, 258},
	} {
		if got, ok := k.parseRefresh(text, want.carrier); !ok || got != want {
			t.Errorf("%q is %v, %v", want.carrier, got, ok)
		}
	}
	if got, ok := k.parseMalformed("malformed." + id + ".jZdSjBZbWVcI7-vdDd4gAhkMhHDZY6vXm31EGKcs4_A"); !ok || got != id {
		t.Errorf("the mark is %q, %v", got, ok)
	}
	c, err := k.verify("eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJmZXRjaDQwMS1kZW1vIiwic3ViIjoiZGVtbyIsImp0aSI6IkpMWl" +
		"BURzJSWkdSTE9VT1RPWDJKSk9USURZIiwiYXVkIjpbImZldGNoNDAxLWRlbW8tYXBpIl0sImV4cCI6MTc3MjM2NjQzMC4xMjMsImlhdCI6MTc3MjM2Nj" +
		"QwMC4xMjMsInNpZCI6IkFBQUFBQUFBQUFBQUFBQUFBQUFBQUEiLCJlcG9jaCI6MiwiZ2VuIjo1fQ.0rRi0n_Ut9suqHESYUmBedLe-YlZG5n_TmoEaJAVuWY")
	if err != nil || c.Family != id || c.Subject != "demo" || c.Epoch != 2 || c.Generation != 5 || c.Expires.toMillis() != 1_772_366_430_123 {
		t.Errorf("claims %+v, %v", c, err)
	}
}

// Purpose and message are apart in what is hashed, so no message can be moved over to another purpose.
func TestMACKeepsPurposesApart(t *testing.T) {
	k := fixedKeys(t)
	if bytes.Equal(k.mac("ab", []byte("c")), k.mac("a", []byte("bc"))) {
		t.Error("two purposes have one MAC")
	}
}

func TestMalformedMark(t *testing.T) {
	k := fixedKeys(t)
	id := newFamilyID()
	mark := k.malformed(id)
	if got, ok := k.parseMalformed(mark); !ok || got != id {
		t.Errorf("came back as %q, %v", got, ok)
	}
	if _, err := k.verify(mark); err == nil {
		t.Error("the mark passed as an access token")
	}
	if _, ok := k.parseRefresh(mark, inCookie); ok {
		t.Error("the mark passed as a refresh token")
	}
	for _, bad := range []string{"", "malformed.", "malformed." + id, "malformed." + id + ".", mark + "x", mark[1:], strings.Replace(mark, id, newFamilyID(), 1)} {
		if _, ok := k.parseMalformed(bad); ok {
			t.Errorf("%q passed", bad)
		}
	}
}

func TestAccessTokenRoundTrip(t *testing.T) {
	k := fixedKeys(t)
	const now = 1_772_366_400_123
	f := family{ID: newFamilyID(), Subject: demoUser, Lifetime: 30, Epoch: 2, Rotation: 5}
	text, err := k.sign(f, now)
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.verify(text)
	if err != nil {
		t.Fatal(err)
	}
	if c.Expires.toMillis() != now+30_000 || c.Issued.toMillis() != now || c.Family != f.ID || c.Epoch != 2 || c.Generation != 5 || c.Subject != demoUser {
		t.Errorf("claims %+v", c)
	}
	again, _ := k.sign(f, now)
	if again == text {
		t.Error("two tokens of one millisecond are the same")
	}
}

// TestForeignAccessTokens holds RFC 8725 §3: the key decides the algorithm, and kind, issuer and audience are checked.
func TestForeignAccessTokens(t *testing.T) {
	k := fixedKeys(t)
	stranger, _ := DeriveKeys([]byte("the secret of somebody else"))
	edwards := ed25519.NewKeyFromSeed(k.access)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := func() accessClaims {
		return accessClaims{RegisteredClaims: jwt.RegisteredClaims{Issuer: issuer}, Audience: []string{audience}, Family: "x"}
	}
	for name, c := range map[string]struct {
		method jwt.SigningMethod
		key    any
		kind   any
		change func(*accessClaims)
		passes bool
	}{
		"good":           {jwt.SigningMethodHS256, k.access, "at+jwt", nil, true},
		"other secret":   {jwt.SigningMethodHS256, stranger.access, "at+jwt", nil, false},
		"refresh key":    {jwt.SigningMethodHS256, k.refresh, "at+jwt", nil, false},
		"no key":         {jwt.SigningMethodHS256, []byte{}, "at+jwt", nil, false},
		"none":           {jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "at+jwt", nil, false},
		"longer HMAC":    {jwt.SigningMethodHS512, k.access, "at+jwt", nil, false},
		"Ed25519":        {jwt.SigningMethodEdDSA, edwards, "at+jwt", nil, false},
		"ECDSA":          {jwt.SigningMethodES256, curve, "at+jwt", nil, false},
		"no kind":        {jwt.SigningMethodHS256, k.access, nil, nil, false},
		"other kind":     {jwt.SigningMethodHS256, k.access, "JWT", nil, false},
		"other issuer":   {jwt.SigningMethodHS256, k.access, "at+jwt", func(c *accessClaims) { c.Issuer = "x" }, false},
		"other audience": {jwt.SigningMethodHS256, k.access, "at+jwt", func(c *accessClaims) { c.Audience[0] = "x" }, false},
		"no audience":    {jwt.SigningMethodHS256, k.access, "at+jwt", func(c *accessClaims) { c.Audience = nil }, false},
		"no family":      {jwt.SigningMethodHS256, k.access, "at+jwt", func(c *accessClaims) { c.Family = "" }, false},
	} {
		claims := good()
		if c.change != nil {
			c.change(&claims)
		}
		token := jwt.NewWithClaims(c.method, claims)
		token.Header["typ"] = c.kind
		text, err := token.SignedString(c.key)
		if err != nil {
			t.Fatal(name, err)
		}
		if _, err := k.verify(text); (err == nil) != c.passes {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was not made with the keys never passes, and nothing makes the parsers stumble.
func FuzzTokens(f *testing.F) {
	k := fixedKeys(f)
	// Nothing random here: the fuzzer's other processes must make the very same tokens.
	id := b64.EncodeToString(make([]byte, familySize))
	refresh, mark := k.text(refreshToken{inCookie, id, 1}), k.malformed(id)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, accessClaims{
		RegisteredClaims: jwt.RegisteredClaims{Issuer: issuer}, Audience: []string{audience}, Family: id})
	token.Header["typ"] = "at+jwt"
	access, _ := token.SignedString(k.access)
	if _, err := k.verify(access); err != nil {
		f.Fatal(err)
	}
	made := map[string]bool{refresh: true, access: true, mark: true}
	for text := range made {
		f.Add(text)
		f.Add(text[:len(text)-1] + "A")
	}
	f.Add("e30.e30.")
	f.Add("malformed..")
	f.Fuzz(func(t *testing.T, text string) {
		if made[text] {
			return
		}
		if _, ok := k.parseRefresh(text, inCookie); ok {
			t.Error("a refresh token was made up")
		}
		if _, err := k.verify(text); err == nil {
			t.Error("an access token was made up")
		}
		if _, ok := k.parseMalformed(text); ok {
			t.Error("a mark was made up")
		}
	})
}
