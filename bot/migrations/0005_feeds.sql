-- The calendar feed of a workspace. Its secret address is kept as a hash; `read_on` is the day (UTC) on which
-- somebody fetched it last.
CREATE TABLE feeds (
    workspace TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    read_on TEXT
);
