package backend

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// carrier says how a refresh token travels. It is part of the token, so that one stolen from a script's memory is
// worthless as a cookie, and the other way round.
type carrier byte

const (
	inCookie carrier = 'c'
	inBody   carrier = 'b'
)

const (
	familySize = 16
	tokenSize  = 1 + familySize + 8 + sha256.Size
)

var b64 = base64.RawURLEncoding

// refreshToken names a family and the number of the rotation that it may perform. Its text ends in an HMAC, which is
// both the secret and the proof that the server made it: what fails the proof never reaches the database.
type refreshToken struct {
	carrier  carrier
	family   string
	rotation uint64
}

func newFamilyID() string {
	var id [familySize]byte
	rand.Read(id[:])
	return b64.EncodeToString(id[:])
}

func (t refreshToken) successor() refreshToken {
	t.rotation++
	return t
}

// text is what the client holds.
func (k Keys) text(t refreshToken) string {
	raw := make([]byte, 0, tokenSize)
	raw = append(raw, byte(t.carrier))
	id, _ := b64.DecodeString(t.family)
	raw = append(raw, id...)
	raw = binary.BigEndian.AppendUint64(raw, t.rotation)
	return b64.EncodeToString(append(raw, k.mac("refresh token", raw)...))
}

// parseRefresh is the inverse of text: false for everything that this server did not make for this carrier.
func (k Keys) parseRefresh(text string, by carrier) (refreshToken, bool) {
	if len(text) != b64.EncodedLen(tokenSize) {
		return refreshToken{}, false
	}
	raw, _ := b64.DecodeString(text) // what is no base64 is shorter
	if len(raw) != tokenSize || carrier(raw[0]) != by {
		return refreshToken{}, false
	}
	body, tag := raw[:tokenSize-sha256.Size], raw[tokenSize-sha256.Size:]
	if !hmac.Equal(tag, k.mac("refresh token", body)) {
		return refreshToken{}, false
	}
	return refreshToken{
		carrier:  by,
		family:   b64.EncodeToString(body[1 : 1+familySize]),
		rotation: binary.BigEndian.Uint64(body[1+familySize:]),
	}, true
}

// hashOf is what the database holds of a token's text. That carries 256 unguessable bits, so a plain digest will do.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return b64.EncodeToString(sum[:])
}
