-- When the books of a product proved wrong last: a count from before that does not end its task.
ALTER TABLE count_list ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;
UPDATE count_list SET last_at = since;

-- What was counted of a drawer, each time, and when somebody saw what it should hold (the report X: nothing was counted).
CREATE TABLE drawer_count (
    position       INTEGER PRIMARY KEY,
    session        BLOB NOT NULL CHECK (length(session) = 16),
    operator       TEXT,
    at             INTEGER NOT NULL,
    expected_minor INTEGER,
    counted_minor  INTEGER
) STRICT;
CREATE INDEX drawer_count_of_session ON drawer_count (session, position);
INSERT INTO drawer_count
    SELECT j.position, s.session, j.operator, j.recorded_at, NULL, NULL
    FROM journal j JOIN session s
        ON s.position = (SELECT max(position) FROM session WHERE position < j.position)
    WHERE j.kind = 'interim_reported';
