package backend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// GraceWindow is how long a refresh token that has been rotated is still answered with its successor, unless that
// successor is used before. A browser has sent a dropped POST again by then, or given up.
const GraceWindow = 10 * time.Second

const (
	// lateAfter is when an answer that is given again counts as late: a browser's copies of one request are quicker.
	lateAfter = 2 * time.Second
	// lateInARow is the first rotation in a row with a late copy that is not forgiven.
	lateInARow = 3
)

// outcome is what became of a refresh token that the server made.
type outcome int

const (
	rotated     outcome = iota // this request wrote the rotation
	graced                     // another one did, and both get the same successor
	refused                    // the session has ended
	reused                     // a token came back that is not forgiven: the family has just been ended
	unavailable                // the demo's refresh is down, the token is untouched
)

const (
	// The one statement that rotates. Whoever finds the presented hash still current wins; for all others it is gone.
	rotateSQL = `UPDATE families SET previous_hash = current_hash, current_hash = ?3, rotation = rotation + 1,
			rotated_at = ?4, refreshes = refreshes + 1, late_before = late * (late_before + 1), late = 0
		WHERE id = ?1 AND current_hash = ?2 AND ended_at = 0 AND expires_at > ?4 AND refresh_down_until <= ?4
		RETURNING subject, mode, lifetime, epoch, rotation`

	// A hash is the previous one only as long as its successor has not been used. What came late in the rotations before
	// is settled when a rotation begins, so copies that race each other are judged alike.
	graceSQL = `UPDATE families SET graced = graced + 1, late = late OR rotated_at < ?5
		WHERE id = ?1 AND previous_hash = ?2 AND ended_at = 0 AND expires_at > ?3 AND refresh_down_until <= ?3
			AND rotated_at > ?4 AND (rotated_at >= ?5 OR late_before + 1 < ?6)
		RETURNING subject, mode, lifetime, epoch, rotation`

	// What is neither current nor forgiven has been used before. The comparison with the current hash guards
	// against a downtime that ended between two statements.
	reuseSQL = `UPDATE families SET ended_at = ?3, reuse = reuse + 1
		WHERE id = ?1 AND current_hash <> ?2 AND ended_at = 0 AND expires_at > ?3 AND refresh_down_until <= ?3
		RETURNING subject, mode, lifetime, epoch, rotation`

	refuseSQL = `UPDATE families SET refused = refused + (refresh_down_until <= ?2),
			unavailable = unavailable + (refresh_down_until > ?2)
		WHERE id = ?1
		RETURNING refresh_down_until, ended_at > 0 OR expires_at <= ?2`
)

// rotation is the answer to a refresh token: the family as it stands for a new access token, or why there is none.
type rotation struct {
	family
	outcome   outcome
	downUntil int64
}

// rotate exchanges the presented hash for the successor's. The statements are tried in the order of what they allow;
// between two of them a token only ever gets older, so no order of concurrent requests gives two successors.
func (s store) rotate(ctx context.Context, id, presented, successor string, now int64) (rotation, error) {
	ctx = context.WithoutCancel(ctx)
	for _, try := range []struct {
		outcome outcome
		query   string
		args    []any
	}{
		{rotated, rotateSQL, []any{id, presented, successor, now}},
		{graced, graceSQL, []any{id, presented, now, now - s.grace.Milliseconds(), now - lateAfter.Milliseconds(), lateInARow}},
		{reused, reuseSQL, []any{id, presented, now}},
	} {
		r := rotation{family: family{ID: id}, outcome: try.outcome}
		err := s.db.QueryRowContext(ctx, try.query, try.args...).
			Scan(&r.Subject, &r.Mode, &r.Lifetime, &r.Epoch, &r.Rotation)
		if err == nil {
			return r, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return rotation{}, fmt.Errorf("backend: rotate: %w", err)
		}
	}
	r := rotation{outcome: refused}
	var ended bool
	err := s.db.QueryRowContext(ctx, refuseSQL, id, now).Scan(&r.downUntil, &ended)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return rotation{}, fmt.Errorf("backend: refuse a refresh: %w", err)
	}
	if r.downUntil > now || err == nil && !ended {
		r.outcome = unavailable
	}
	return r, nil
}
