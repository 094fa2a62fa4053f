-- Questions that a brief did not answer, without who asked, where, or at what time of day. Days are ISO dates.
-- `answered_by` is the revision that answers it by now, `answered_on` the day on which an editor was told.
CREATE TABLE misses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    brief TEXT NOT NULL,
    folded TEXT NOT NULL,
    question TEXT NOT NULL,
    language TEXT NOT NULL,
    count BIGINT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    answered_by BIGINT,
    answered_on TEXT,
    UNIQUE (brief, folded)
);
CREATE INDEX misses_asked ON misses (brief, count);
