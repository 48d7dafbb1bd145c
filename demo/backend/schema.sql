-- One row for each signed-in session. A session is a family of tokens: every access and refresh token that
-- descends from one sign-in. Times are Unix milliseconds, 0 means never. Only hashes of refresh tokens are kept.
CREATE TABLE IF NOT EXISTS families (
  id                 TEXT PRIMARY KEY,
  subject            TEXT NOT NULL,
  mode               TEXT NOT NULL,
  lifetime           INTEGER NOT NULL, -- seconds that an access token of this family lives
  expires_at         INTEGER NOT NULL, -- past this no refresh renews the family
  ended_at           INTEGER NOT NULL DEFAULT 0,
  epoch              INTEGER NOT NULL DEFAULT 0, -- access tokens of an older epoch count as expired

  current_hash       TEXT NOT NULL,
  previous_hash      TEXT NOT NULL DEFAULT '',
  rotation           INTEGER NOT NULL DEFAULT 0,
  rotated_at         INTEGER NOT NULL DEFAULT 0,
  late               INTEGER NOT NULL DEFAULT 0, -- 1 when a copy of the present rotation's request came late
  late_before        INTEGER NOT NULL DEFAULT 0, -- of how many rotations in a row before it one did

  api_down_until     INTEGER NOT NULL DEFAULT 0,
  refresh_down_until INTEGER NOT NULL DEFAULT 0,

  calls              INTEGER NOT NULL DEFAULT 0,
  unauthorized       INTEGER NOT NULL DEFAULT 0,
  unavailable        INTEGER NOT NULL DEFAULT 0,
  refreshes          INTEGER NOT NULL DEFAULT 0,
  graced             INTEGER NOT NULL DEFAULT 0,
  refused            INTEGER NOT NULL DEFAULT 0,
  reuse              INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX IF NOT EXISTS families_expires_at ON families (expires_at);
