package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

const (
	sessionLifetime = 30 * 24 * time.Hour

	// A refresh token is used once and answered with its successor. For so long it is answered with the same successor
	// again, unless that has been used: browsers send a POST anew when its connection drops, and two tabs may come at
	// once. After that, a used token shows that somebody has a copy, and the session ends (RFC 9700 §4.14.2).
	grace = 10 * time.Second
)

// Times are Unix milliseconds, 0 means never.
const schema = `CREATE TABLE IF NOT EXISTS sessions (
	id TEXT PRIMARY KEY,
	subject TEXT NOT NULL,
	rotation INTEGER NOT NULL DEFAULT 0,
	rotated_at INTEGER NOT NULL DEFAULT 0,
	expires_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL DEFAULT 0
)`

// The statements of the rotation, in the order in which they are tried.
const (
	// Of all who present a token, one finds its number still the present one.
	rotateSQL = `UPDATE sessions SET rotation = rotation + 1, rotated_at = ?3
		WHERE id = ?1 AND rotation = ?2 AND ended_at = 0 AND expires_at > ?3 RETURNING subject`
	graceSQL = `SELECT subject FROM sessions
		WHERE id = ?1 AND rotation = ?2 + 1 AND rotated_at > ?3 AND ended_at = 0 AND expires_at > ?4`
	// Whoever is neither the first nor within grace presents a used token.
	reuseSQL = `UPDATE sessions SET ended_at = ?3 WHERE id = ?1 AND rotation > ?2 AND ended_at = 0`
)

var errEnded = errors.New("the session has ended")

// sessions keeps them in one table. Tokens end in an HMAC of what they say: so the table
// holds nothing that would let its reader in, and what this server did not make never reaches it.
type sessions struct {
	db  *sql.DB
	key []byte // 32 bytes, the same on every server; a new one ends all sessions

	accessLifetime time.Duration
}

// tokens are what a session's holder carries.
type tokens struct{ subject, access, refresh string }

// begin makes a session after somebody has proved to be the subject.
func (s sessions) begin(ctx context.Context, subject string) (tokens, error) {
	id := rand.Text()
	_, err := s.db.ExecContext(ctx, `INSERT INTO sessions (id, subject, expires_at) VALUES (?1, ?2, ?3)`,
		id, subject, time.Now().Add(sessionLifetime).UnixMilli())
	return s.tokens(id, 0, subject), err
}

// renew gives the successors of a refresh token. errEnded says that the session has ended; any other error is the
// database's, and says nothing of the session.
func (s sessions) renew(ctx context.Context, refresh string) (tokens, error) {
	id, rotation, ok := s.open("refresh", refresh)
	if !ok {
		return tokens{}, errEnded
	}
	// A browser that leaves must not stop a rotation half way.
	ctx = context.WithoutCancel(ctx)
	now := time.Now()
	var subject string
	err := s.db.QueryRowContext(ctx, rotateSQL, id, rotation, now.UnixMilli()).Scan(&subject)
	if errors.Is(err, sql.ErrNoRows) {
		err = s.db.QueryRowContext(ctx, graceSQL, id, rotation, now.Add(-grace).UnixMilli(), now.UnixMilli()).Scan(&subject)
	}
	if errors.Is(err, sql.ErrNoRows) {
		if _, err = s.db.ExecContext(ctx, reuseSQL, id, rotation, now.UnixMilli()); err == nil {
			err = errEnded
		}
	}
	if err != nil {
		return tokens{}, err
	}
	return s.tokens(id, rotation+1, subject), nil
}

// end ends the session of a refresh token, an old one too: a renewal that comes late finds it ended.
func (s sessions) end(ctx context.Context, refresh string) error {
	id, _, ok := s.open("refresh", refresh)
	if !ok {
		return nil
	}
	_, err := s.db.ExecContext(ctx, `UPDATE sessions SET ended_at = ?2 WHERE id = ?1 AND ended_at = 0`, id, time.Now().UnixMilli())
	return err
}

// whose tells whom an access token stands for. An API where a sign-out may take effect accessLifetime late puts the
// subject into the token and does not ask the database.
func (s sessions) whose(ctx context.Context, access string) (subject string, err error) {
	id, expires, ok := s.open("access", access)
	now := time.Now().UnixMilli()
	if !ok || expires <= now {
		return "", errEnded
	}
	err = s.db.QueryRowContext(ctx, `SELECT subject FROM sessions WHERE id = ?1 AND ended_at = 0 AND expires_at > ?2`, id, now).
		Scan(&subject)
	if errors.Is(err, sql.ErrNoRows) {
		err = errEnded
	}
	return subject, err
}

func (s sessions) tokens(id string, rotation int64, subject string) tokens {
	return tokens{subject, s.seal("access", id, time.Now().Add(s.accessLifetime).UnixMilli()), s.seal("refresh", id, rotation)}
}

// seal makes the token of one kind: the session, a number, and the proof that this server made it.
func (s sessions) seal(kind, id string, number int64) string {
	text := id + "." + strconv.FormatInt(number, 10)
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(kind + " " + text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// open is the inverse of seal: false for everything that this server did not make.
func (s sessions) open(kind, token string) (id string, number int64, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", 0, false
	}
	number, err := strconv.ParseInt(parts[1], 10, 64)
	return parts[0], number, err == nil && hmac.Equal([]byte(s.seal(kind, parts[0], number)), []byte(token))
}
