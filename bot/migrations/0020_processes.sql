-- Processes that share one server. Each holds an advisory lock on its number for as long as it lives, so that
-- a row whose lock is free is a dead process's. A file of its own has one process, which needs no row.
CREATE TABLE processes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    leads INTEGER NOT NULL
);

-- The process that is at work on a delivery in 'sending' whose next_at is null; 0 where there is but one.
ALTER TABLE deliveries ADD COLUMN holder BIGINT NOT NULL DEFAULT 0;
