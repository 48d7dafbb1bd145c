package backend

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/golang-jwt/jwt/v5"
)

const (
	issuer   = "fetch401-demo"
	audience = "fetch401-demo-api"
)

var errMalformed = errors.New("backend: malformed access token")

// signature is HMAC-SHA256 (RFC 7518 §3.2). An API apart from its issuer would want a key pair (RFC 9068 §2.1), so that
// it could check tokens and not make them. Here one program does both, and in WebAssembly Ed25519 takes some ten times
// as long.
var signature = jwt.SigningMethodHS256

// accessHead begins each access token. The library would encode it anew for each.
var accessHead = b64.EncodeToString([]byte(`{"alg":"HS256","typ":"at+jwt"}`)) + "."

// parser takes that one algorithm, whatever a token says of itself (RFC 8725 §3.1). It holds no state.
var parser = jwt.NewParser(
	jwt.WithValidMethods([]string{signature.Alg()}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())

// accessClaims are those of RFC 9068 that the demo needs. Three shadow the registered ones: the library cuts the times to
// whole seconds, so that a token of one second would live between nothing and one second, and has a slow type for the
// audience.
type accessClaims struct {
	jwt.RegisteredClaims
	Audience   []string    `json:"aud"`
	Expires    numericDate `json:"exp"`
	Issued     numericDate `json:"iat"`
	Family     string      `json:"sid"`
	Epoch      int64       `json:"epoch"`
	Generation int64       `json:"gen"`
}

// numericDate is seconds with a fraction, as RFC 7519 §2 allows.
type numericDate float64

func fromMillis(ms int64) numericDate { return numericDate(float64(ms) / 1000) }
func (d numericDate) toMillis() int64 { return int64(math.Round(float64(d) * 1000)) }

// sign gives the access token of a family as it stands now. The random jti keeps two tokens of one millisecond apart.
func (k Keys) sign(f family, now int64) (string, error) {
	claims, err := json.Marshal(accessClaims{
		RegisteredClaims: jwt.RegisteredClaims{Issuer: issuer, Subject: f.Subject, ID: rand.Text()},
		Audience:         []string{audience},
		Issued:           fromMillis(now),
		Expires:          fromMillis(now + 1000*f.Lifetime),
		Family:           f.ID,
		Epoch:            f.Epoch,
		Generation:       f.Rotation,
	})
	if err != nil {
		return "", fmt.Errorf("backend: encode the access token: %w", err)
	}
	text := accessHead + b64.EncodeToString(claims)
	mac, err := signature.Sign(text, k.access)
	if err != nil {
		return "", fmt.Errorf("backend: sign the access token: %w", err)
	}
	return text + "." + b64.EncodeToString(mac), nil
}

// verify checks that a token is one of ours. Whether it has expired is the caller's question, because the demo's own
// controls must reach a session whose access token has run out.
func (k Keys) verify(token string) (accessClaims, error) {
	var c accessClaims
	parsed, err := parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return k.access, nil })
	if err != nil {
		return accessClaims{}, errMalformed
	}
	ours := parsed.Header["typ"] == "at+jwt" && c.Issuer == issuer && len(c.Audience) == 1 && c.Audience[0] == audience
	if !ours || c.Family == "" {
		return accessClaims{}, errMalformed
	}
	return c, nil
}
