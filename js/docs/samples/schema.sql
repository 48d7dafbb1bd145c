-- One row for each signed-in session. Times are Unix milliseconds, 0 means never.
CREATE TABLE IF NOT EXISTS sessions (
  id TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  rotation INTEGER NOT NULL DEFAULT 0,
  rotated_at INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0
);
