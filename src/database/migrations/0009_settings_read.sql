-- The store's settings as each version of the program could read them last: they hold on when it cannot read what it finds.
CREATE TABLE settings_read (
    version TEXT PRIMARY KEY,
    record  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
