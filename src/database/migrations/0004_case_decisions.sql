-- By when a case must be decided.
ALTER TABLE conflict_case ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
UPDATE conflict_case SET due_at = opened_at + 86400000000;

-- Own decisions on conflict cases, by the entry that says so. While central's figures do not contain the entry, its case is
-- not shown; once they do, central's records say what came of it, and `told` that the people here have heard.
CREATE TABLE case_decision (
    entry    BLOB PRIMARY KEY CHECK (length(entry) = 16),
    case_id  BLOB NOT NULL CHECK (length(case_id) = 16),
    product  TEXT NOT NULL,
    number   TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('false_alarm', 're_sourced')),
    run      BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    told     INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX case_decision_by_case ON case_decision (case_id);
