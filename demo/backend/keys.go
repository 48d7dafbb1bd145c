package backend

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

const minSecret = 16

// Keys are the two keys of the backend. The zero value is not usable.
type Keys struct {
	access  []byte
	refresh []byte
}

// DeriveKeys gives the MAC keys of access and of refresh tokens, both derived from one secret with HKDF (RFC 5869), so
// that a deployment has one thing to keep. Each is as long as the MAC (RFC 7518 §3.2). The secret has at least 16 bytes;
// another secret signs everybody out.
func DeriveKeys(secret []byte) (Keys, error) {
	if len(secret) < minSecret {
		return Keys{}, fmt.Errorf("backend: the secret has %d bytes: give at least %d random ones", len(secret), minSecret)
	}
	access, err := hkdf.Key(sha256.New, secret, nil, "fetch401 demo access token HS256", sha256.Size)
	if err != nil {
		return Keys{}, fmt.Errorf("backend: derive the access key: %w", err)
	}
	refresh, err := hkdf.Key(sha256.New, secret, nil, "fetch401 demo refresh token", sha256.Size)
	if err != nil {
		return Keys{}, fmt.Errorf("backend: derive the refresh key: %w", err)
	}
	return Keys{access: access, refresh: refresh}, nil
}

func (k Keys) valid() bool { return len(k.access) == sha256.Size && len(k.refresh) == sha256.Size }

func (k Keys) mac(purpose string, message []byte) []byte {
	m := hmac.New(sha256.New, k.refresh)
	m.Write([]byte(purpose))
	m.Write([]byte{0})
	m.Write(message)
	return m.Sum(nil)
}
