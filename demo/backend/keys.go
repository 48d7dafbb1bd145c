package backend

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

const minSecret = 16

// Keys are the two keys of the backend. The zero value is not usable.
type Keys struct {
	signing ed25519.PrivateKey
	refresh []byte
}

// DeriveKeys gives the signing key of access tokens and the MAC key of refresh tokens, both derived from one secret
// with HKDF (RFC 5869), so that a deployment has one thing to keep. The secret has at least 16 bytes; another secret
// signs everybody out.
func DeriveKeys(secret []byte) (Keys, error) {
	if len(secret) < minSecret {
		return Keys{}, fmt.Errorf("backend: the secret has %d bytes: give at least %d random ones", len(secret), minSecret)
	}
	seed, err := hkdf.Key(sha256.New, secret, nil, "fetch401 demo access token", ed25519.SeedSize)
	if err != nil {
		return Keys{}, fmt.Errorf("backend: derive the signing key: %w", err)
	}
	refresh, err := hkdf.Key(sha256.New, secret, nil, "fetch401 demo refresh token", sha256.Size)
	if err != nil {
		return Keys{}, fmt.Errorf("backend: derive the refresh key: %w", err)
	}
	return Keys{signing: ed25519.NewKeyFromSeed(seed), refresh: refresh}, nil
}

func (k Keys) valid() bool {
	return len(k.signing) == ed25519.PrivateKeySize && len(k.refresh) == sha256.Size
}
