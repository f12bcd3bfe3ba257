-- Orders that come as files. Where a channel's files are picked up, how that stands, and what has come of it.
CREATE TABLE file_channel (
    channel           TEXT PRIMARY KEY REFERENCES channel (channel) ON DELETE CASCADE,
    place             TEXT NOT NULL,
    every_seconds     INTEGER NOT NULL,
    -- Of the one host key or certificate that is believed: SHA256:…
    fingerprint       TEXT,
    outbound          TEXT,
    -- Begins the names of this central's claims in processing/.
    tag               TEXT NOT NULL,
    poked_at          INTEGER,
    looked_at         INTEGER,
    failing_since     INTEGER,
    last_error        TEXT NOT NULL DEFAULT '',
    waiting           INTEGER NOT NULL DEFAULT 0,
    oldest_waiting_at INTEGER,
    received          INTEGER NOT NULL DEFAULT 0,
    imported          INTEGER NOT NULL DEFAULT 0,
    duplicates        INTEGER NOT NULL DEFAULT 0,
    problems          INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Every file that was taken, written in the transaction that takes its orders: what is to lie where, until it does.
CREATE TABLE order_file (
    channel     TEXT NOT NULL,
    -- Its name in processing/.
    claim       TEXT NOT NULL,
    name        TEXT NOT NULL,
    content     BLOB NOT NULL,
    size        INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    imported    INTEGER NOT NULL,
    duplicates  INTEGER NOT NULL,
    problems    INTEGER NOT NULL,
    report      TEXT NOT NULL,
    rejected    BLOB NOT NULL,
    answer      BLOB NOT NULL,
    filed_as    TEXT,
    filed       INTEGER NOT NULL
);
CREATE UNIQUE INDEX order_file_claim ON order_file (channel, claim);
CREATE INDEX order_file_unfiled ON order_file (channel, received_at) WHERE filed = 0;
