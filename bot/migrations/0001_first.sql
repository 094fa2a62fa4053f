-- Instants are bigint milliseconds since 1970 in UTC; JSON is text; flags are 0 or 1.

CREATE TABLE revisions (
    brief_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    yaml BLOB NOT NULL,
    report BLOB NOT NULL,
    yaml_sha256 TEXT NOT NULL,
    report_sha256 TEXT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (brief_id, number)
);

-- AUTOINCREMENT, because a delivery's key holds the subscription's id, which must never come back.
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brief TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('digest', 'reminders')),
    subject TEXT NOT NULL,
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
CREATE UNIQUE INDEX subscriptions_standing ON subscriptions (brief, kind, subject, destination)
    WHERE ended_at IS NULL;
CREATE INDEX subscriptions_of_creator ON subscriptions (creator);
CREATE INDEX subscriptions_at ON subscriptions (destination);

CREATE TABLE people (
    person TEXT PRIMARY KEY,
    zone TEXT,
    language TEXT,
    asked_zone INTEGER NOT NULL,
    muted_until BIGINT,
    last_look BIGINT
);

-- due_at is when the message was meant to go out; next_at is when the ledger acts on the row next: its
-- first attempt, its retry or (in sending) its look-up. It is null while an attempt runs and once settled.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    subscription BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('reminder', 'digest', 'correction', 'cancellation')),
    item TEXT NOT NULL,
    occurrence BIGINT NOT NULL,
    lead TEXT NOT NULL,
    announced TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    destination TEXT NOT NULL,
    brief TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    catch_up TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('planned', 'sending', 'sent', 'retrying', 'failed', 'cancelled', 'skipped')),
    attempts INTEGER NOT NULL,
    short_key TEXT NOT NULL UNIQUE,
    text TEXT,
    revision BIGINT,
    message_id TEXT,
    updated_at BIGINT NOT NULL,
    last_error TEXT,
    next_at BIGINT,
    late INTEGER NOT NULL,
    on_wire INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state IN ('planned', 'retrying');
CREATE INDEX deliveries_sending ON deliveries (next_at) WHERE state = 'sending';
CREATE INDEX deliveries_of_subscription ON deliveries (subscription, due_at);
CREATE INDEX deliveries_of_item ON deliveries (brief, item);
CREATE INDEX deliveries_at ON deliveries (destination, updated_at);
CREATE INDEX deliveries_updated ON deliveries (updated_at);

CREATE TABLE actions (
    key TEXT PRIMARY KEY,
    press TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX actions_created ON actions (created_at);

CREATE TABLE seen (
    request TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX seen_at ON seen (at);

CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE lobby (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    destination TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    at BIGINT NOT NULL,
    edited_at BIGINT,
    UNIQUE (destination, key)
);
CREATE INDEX lobby_at ON lobby (destination, id);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    place TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
