package backend

import (
	"context"
	"database/sql"
	_ "embed" // for the schema
	"errors"
	"fmt"
	"time"
)

// Schema creates the tables. It can be run again, and is a D1 migration as it stands.
//
//go:embed schema.sql
var Schema string

// store is the only place that knows SQL. Each method is one statement, or a few whose order makes a transaction
// unnecessary. A statement that has begun is finished even when the client has gone: the client's next try then meets a
// whole state.
type store struct {
	db    *sql.DB
	grace time.Duration
}

// family is a signed-in session.
type family struct {
	ID, Subject, Mode string
	Lifetime          int64
	Epoch, Rotation   int64
}

// counts are what the demo page shows of a family. Calls are requests to the API that could be attributed to it;
// graced are refreshes answered by the grace window.
type counts struct {
	Mode         string `json:"mode"`
	Calls        int64  `json:"calls"`
	Unauthorized int64  `json:"unauthorized"`
	Unavailable  int64  `json:"unavailable"`
	Refreshes    int64  `json:"refreshes"`
	Graced       int64  `json:"graced"`
	Refused      int64  `json:"refused"`
	Reuse        int64  `json:"reuse"`
	Generation   int64  `json:"generation"`
	Ended        bool   `json:"ended"`
}

// create adds a family, and drops those that can never be renewed again, so that the table stays bounded.
func (s store) create(ctx context.Context, f family, hash string, expires, now int64) error {
	ctx = context.WithoutCancel(ctx)
	if _, err := s.db.ExecContext(ctx, `DELETE FROM families WHERE expires_at <= ?1`, now); err != nil {
		return fmt.Errorf("backend: drop expired families: %w", err)
	}
	_, err := s.db.ExecContext(ctx, `INSERT INTO families (id, subject, mode, lifetime, expires_at, current_hash)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6)`, f.ID, f.Subject, f.Mode, f.Lifetime, expires, hash)
	if err != nil {
		return fmt.Errorf("backend: create a family: %w", err)
	}
	return nil
}

// standing is what a family's row says about a call.
type standing struct {
	Subject, Mode    string
	Epoch, DownUntil int64
	Ended            bool
}

// record counts one API call and tells how its family stands, in one statement. unauthorized says that the caller will
// answer 401 whatever the row says; epoch is that of the access token.
func (s store) record(ctx context.Context, id string, unauthorized bool, epoch, now int64) (st standing, found bool, err error) {
	err = s.db.QueryRowContext(context.WithoutCancel(ctx), `UPDATE families SET
			calls = calls + 1,
			unavailable = unavailable + (api_down_until > ?2),
			unauthorized = unauthorized
				+ (api_down_until <= ?2 AND (?3 = 1 OR ended_at > 0 OR expires_at <= ?2 OR epoch > ?4))
		WHERE id = ?1
		RETURNING subject, mode, epoch, ended_at > 0 OR expires_at <= ?2 AS ended, api_down_until`,
		id, now, number(unauthorized), epoch,
	).Scan(&st.Subject, &st.Mode, &st.Epoch, &st.Ended, &st.DownUntil)
	if errors.Is(err, sql.ErrNoRows) {
		return standing{}, false, nil
	}
	if err != nil {
		return standing{}, false, fmt.Errorf("backend: record a call: %w", err)
	}
	return st, true, nil
}

// end makes every token of the family worthless at once.
func (s store) end(ctx context.Context, id string, now int64) error {
	return s.change(ctx, "end a family", `UPDATE families SET ended_at = ?2 WHERE id = ?1 AND ended_at = 0`, id, now)
}

// expire makes every access token of the family that was signed up to now count as expired. A counter does what a time
// cannot: it also tells two tokens of the same millisecond apart.
func (s store) expire(ctx context.Context, id string) error {
	return s.change(ctx, "expire access tokens", `UPDATE families SET epoch = epoch + 1 WHERE id = ?1`, id)
}

func (s store) downAPI(ctx context.Context, id string, until int64) error {
	return s.change(ctx, "set API downtime", `UPDATE families SET api_down_until = ?2 WHERE id = ?1`, id, until)
}

func (s store) downRefresh(ctx context.Context, id string, until int64) error {
	return s.change(ctx, "set refresh downtime", `UPDATE families SET refresh_down_until = ?2 WHERE id = ?1`, id, until)
}

func (s store) resetCounts(ctx context.Context, id string) error {
	return s.change(ctx, "reset counts", `UPDATE families SET calls = 0, unauthorized = 0, unavailable = 0,
		refreshes = 0, graced = 0, refused = 0, reuse = 0 WHERE id = ?1`, id)
}

func (s store) change(ctx context.Context, what, query string, args ...any) error {
	if _, err := s.db.ExecContext(context.WithoutCancel(ctx), query, args...); err != nil {
		return fmt.Errorf("backend: %s: %w", what, err)
	}
	return nil
}

func (s store) counts(ctx context.Context, id string, now int64) (c counts, err error) {
	err = s.db.QueryRowContext(context.WithoutCancel(ctx), `SELECT calls, unauthorized, unavailable, refreshes, graced,
			refused, reuse, rotation, ended_at > 0 OR expires_at <= ?2, mode FROM families WHERE id = ?1`, id, now,
	).Scan(&c.Calls, &c.Unauthorized, &c.Unavailable, &c.Refreshes, &c.Graced, &c.Refused, &c.Reuse, &c.Generation, &c.Ended, &c.Mode)
	if err != nil {
		return counts{}, fmt.Errorf("backend: read counts: %w", err)
	}
	return c, nil
}

// number is a truth value as D1 takes it.
func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
