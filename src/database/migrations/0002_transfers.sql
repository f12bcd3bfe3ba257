-- Transfers this store asked for, or is asked for. `run` and `sequence` are those of an own request that central's record
-- does not name yet; `closed` says that this till has closed it, whatever central's record says meanwhile.
CREATE TABLE transfer (
    entry    BLOB PRIMARY KEY CHECK (length(entry) = 16),
    record   BLOB NOT NULL,
    run      BLOB,
    sequence INTEGER,
    closed   INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))
) STRICT, WITHOUT ROWID;
