-- Snoozes are subscriptions of a third kind, and SQLite changes no CHECK: the table is made anew.
CREATE TABLE subscriptions_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brief TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('digest', 'reminders', 'snooze')),
    subject TEXT NOT NULL,
    occurrence BIGINT NOT NULL,
    destination TEXT NOT NULL,
    creator TEXT NOT NULL,
    schedule TEXT NOT NULL,
    zone TEXT NOT NULL,
    language TEXT NOT NULL,
    leads TEXT NOT NULL,
    catch_up TEXT NOT NULL CHECK (catch_up IN ('skip', 'latest', 'all')),
    max_age BIGINT NOT NULL,
    ping TEXT NOT NULL,
    paused INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    planned_until BIGINT,
    ended_at BIGINT
);
INSERT INTO subscriptions_anew
    (id, brief, kind, subject, occurrence, destination, creator, schedule, zone, language, leads, catch_up,
     max_age, ping, paused, created_at, planned_until, ended_at)
    SELECT id, brief, kind, subject, 0, destination, creator, schedule, zone, language, leads, catch_up,
     max_age, ping, paused, created_at, planned_until, ended_at FROM subscriptions;
-- An id must never come back, not even one whose row was deleted.
DELETE FROM sqlite_sequence WHERE name = 'subscriptions_anew';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'subscriptions_anew', seq FROM sqlite_sequence WHERE name = 'subscriptions';
DROP TABLE subscriptions;
ALTER TABLE subscriptions_anew RENAME TO subscriptions;
CREATE UNIQUE INDEX subscriptions_standing ON subscriptions (brief, kind, subject, occurrence, destination)
    WHERE ended_at IS NULL;
CREATE INDEX subscriptions_of_creator ON subscriptions (creator);
CREATE INDEX subscriptions_at ON subscriptions (destination);

-- A message that told a date which does not stand any more: what said so, and when it is to be marked as
-- such (null: not, or done).
ALTER TABLE deliveries ADD COLUMN amended_by BIGINT;
ALTER TABLE deliveries ADD COLUMN mark_at BIGINT;
CREATE INDEX deliveries_to_mark ON deliveries (mark_at) WHERE mark_at IS NOT NULL;

-- What each attempt at a delivery, and each look-up, led to.
CREATE TABLE attempts (
    delivery BIGINT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX attempts_of_delivery ON attempts (delivery, at);

-- A place is a destination, or a platform's name where its token was refused.
CREATE TABLE stops (
    place TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL
);
