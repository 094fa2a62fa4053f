-- A version of a brief that waits for an approval, or what became of it. `base` is the revision that it was
-- compared with last, 0 for a new brief.
CREATE TABLE proposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brief_id TEXT NOT NULL,
    yaml BLOB NOT NULL,
    report BLOB NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    origin TEXT NOT NULL,
    base BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'published', 'rejected', 'overtaken')),
    decided_by TEXT NOT NULL,
    decided_at BIGINT,
    words TEXT NOT NULL
);
CREATE INDEX proposals_of_brief ON proposals (brief_id, state);

-- Accounts that are one person's bear the same member number; one that stands alone has no row.
CREATE TABLE identities (
    person TEXT PRIMARY KEY,
    member BIGINT NOT NULL
);

-- Codes are kept as hashes, and go once they are used.
CREATE TABLE link_codes (
    digest TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- A subject is a person, a Discord role (discord:1/role:5) or a Slack user group (slack:T1/usergroup:S1).
CREATE TABLE grants (
    subject TEXT PRIMARY KEY,
    granted TEXT NOT NULL CHECK (granted IN ('editor', 'admin')),
    granted_by TEXT NOT NULL,
    at BIGINT NOT NULL
);
