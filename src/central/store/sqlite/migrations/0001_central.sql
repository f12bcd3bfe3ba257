-- Central's book: what every till wrote, what every channel ordered, and the figures that follow from both.
-- Times are microseconds since 1970 UTC, quantities thousandths, money minor units. Every key starts with the store, except
-- for what the whole company shares.

-- Each start of this file by a program, with how far every feed had come: a cursor handed out after a backup was taken is
-- recognised for ever as one this file never gave out.
CREATE TABLE start (
    number      INTEGER PRIMARY KEY,
    incarnation BLOB NOT NULL UNIQUE,
    started_at  INTEGER NOT NULL,
    version     TEXT NOT NULL
);
CREATE TABLE start_head (
    start  INTEGER NOT NULL REFERENCES start (number) ON DELETE CASCADE,
    feed   TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (start, feed)
) WITHOUT ROWID;

-- Numbers given out one by one: web orders.
CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE store (
    store                    TEXT PRIMARY KEY,
    name                     TEXT NOT NULL,
    kind                     TEXT NOT NULL CHECK (kind IN ('shop', 'warehouse')),
    gln                      TEXT,
    latitude_microdegrees    INTEGER,
    longitude_microdegrees   INTEGER,
    address                  TEXT NOT NULL,
    tax_number               TEXT NOT NULL,
    receipt_footer           TEXT NOT NULL,
    country                  TEXT NOT NULL,
    time_zone                TEXT NOT NULL,
    currency                 TEXT NOT NULL,
    tax_mode                 TEXT NOT NULL,
    tax_rates                TEXT NOT NULL,
    cash_rounding_step_minor INTEGER NOT NULL,
    cash_rounding_tie        TEXT NOT NULL,
    promised_alert           TEXT NOT NULL,
    bays                     TEXT NOT NULL,
    lock_after_minutes       INTEGER
) WITHOUT ROWID;
CREATE INDEX store_gln ON store (gln) WHERE gln IS NOT NULL;

-- What the company sells.
CREATE TABLE product (
    product     TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    price_minor INTEGER NOT NULL,
    currency    TEXT NOT NULL,
    price_kind  TEXT NOT NULL,
    tax         TEXT NOT NULL,
    department  TEXT NOT NULL,
    unit        TEXT NOT NULL,
    age_limit   INTEGER,
    variant_of  TEXT,
    bin         TEXT,
    stocked     INTEGER NOT NULL,
    quick_key   INTEGER
) WITHOUT ROWID;
CREATE TABLE barcode (
    barcode TEXT PRIMARY KEY,
    product TEXT NOT NULL REFERENCES product (product) ON DELETE CASCADE,
    pack    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX barcode_product ON barcode (product);
CREATE TABLE operator (
    operator TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    badge    TEXT,
    active   INTEGER NOT NULL
) WITHOUT ROWID;

-- Tills: one-time codes, and every key a workstation ever signed with.
CREATE TABLE enrol_code (
    code_hash   BLOB PRIMARY KEY,
    store       TEXT NOT NULL,
    workstation TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER
) WITHOUT ROWID;
CREATE TABLE till (
    store       TEXT NOT NULL,
    workstation TEXT NOT NULL,
    enrolled_at INTEGER NOT NULL,
    revoked_at  INTEGER,
    -- Of its newest certificate: older ones no longer open the door.
    certificate BLOB NOT NULL,
    token_hash  BLOB,
    seen_at     INTEGER,
    PRIMARY KEY (store, workstation)
) WITHOUT ROWID;
CREATE UNIQUE INDEX till_token ON till (token_hash) WHERE token_hash IS NOT NULL;
CREATE TABLE till_key (
    store       TEXT NOT NULL,
    workstation TEXT NOT NULL,
    public_key  BLOB NOT NULL,
    enrolled_at INTEGER NOT NULL,
    PRIMARY KEY (store, workstation, public_key)
) WITHOUT ROWID;

-- The journals of all tills, byte for byte, once and for ever.
CREATE TABLE entry (
    store         TEXT NOT NULL,
    entry_id      BLOB NOT NULL,
    workstation   TEXT NOT NULL,
    run           BLOB NOT NULL,
    sequence      INTEGER NOT NULL,
    recorded_at   INTEGER NOT NULL,
    received_at   INTEGER NOT NULL,
    operator      TEXT,
    business_day  TEXT NOT NULL,
    kind          TEXT NOT NULL,
    payload       BLOB NOT NULL,
    previous_hash BLOB NOT NULL,
    hash          BLOB NOT NULL,
    signature     BLOB NOT NULL,
    PRIMARY KEY (store, entry_id)
) WITHOUT ROWID;
CREATE INDEX entry_place ON entry (store, workstation, run, sequence);
CREATE INDEX entry_previous ON entry (store, workstation, previous_hash);
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END;
CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the journal is never deleted'); END;

-- Entries that could not be believed: kept as they came, acknowledged, shown.
CREATE TABLE quarantine (
    store       TEXT NOT NULL,
    workstation TEXT NOT NULL,
    content     BLOB NOT NULL,
    entry_id    BLOB NOT NULL,
    run         BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    hash        BLOB NOT NULL,
    bytes       BLOB NOT NULL,
    reason      TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (store, workstation, content)
) WITHOUT ROWID;
CREATE INDEX quarantine_place ON quarantine (store, workstation, run, sequence);

-- How far each run has arrived without a gap, and where it says it came from.
CREATE TABLE run (
    store       TEXT NOT NULL,
    workstation TEXT NOT NULL,
    run         BLOB NOT NULL,
    contiguous  INTEGER NOT NULL,
    first_at    INTEGER NOT NULL,
    PRIMARY KEY (store, workstation, run)
) WITHOUT ROWID;

-- Two entries that name the same predecessor: a till restored from an old copy, re-imaged or cloned.
CREATE TABLE fork (
    store         TEXT NOT NULL,
    workstation   TEXT NOT NULL,
    previous_hash BLOB NOT NULL,
    entry_a       BLOB NOT NULL,
    entry_b       BLOB NOT NULL,
    found_at      INTEGER NOT NULL,
    PRIMARY KEY (store, workstation, entry_a, entry_b)
) WITHOUT ROWID;

CREATE TABLE sale (
    store          TEXT NOT NULL,
    workstation    TEXT NOT NULL,
    receipt_number INTEGER NOT NULL,
    entry_id       BLOB NOT NULL,
    total_minor    INTEGER NOT NULL,
    tax_minor      INTEGER NOT NULL,
    cash_minor     INTEGER NOT NULL,
    currency       TEXT NOT NULL,
    completed_at   INTEGER NOT NULL,
    business_day   TEXT NOT NULL,
    PRIMARY KEY (store, workstation, receipt_number, entry_id)
) WITHOUT ROWID;

-- The ledger, and the sums that can be proved by folding it again.
CREATE TABLE movement (
    store       TEXT NOT NULL,
    entry_id    BLOB NOT NULL,
    position    INTEGER NOT NULL,
    product     TEXT NOT NULL,
    quantity    INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    workstation TEXT,
    moved_at    INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (store, entry_id, position)
) WITHOUT ROWID;
CREATE INDEX movement_product ON movement (store, product, moved_at);
CREATE TABLE level (
    store    TEXT NOT NULL,
    product  TEXT NOT NULL,
    on_hand  INTEGER NOT NULL DEFAULT 0,
    held     INTEGER NOT NULL DEFAULT 0,
    promised INTEGER NOT NULL DEFAULT 0,
    safety   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (store, product)
) WITHOUT ROWID;
CREATE INDEX level_product ON level (product, store);

CREATE TABLE web_order (
    store           TEXT NOT NULL,
    number          TEXT NOT NULL,
    channel         TEXT NOT NULL,
    sender          TEXT NOT NULL,
    buyer           TEXT NOT NULL,
    reference       TEXT NOT NULL,
    content         BLOB NOT NULL,
    document        BLOB NOT NULL,
    fulfilment      TEXT NOT NULL,
    customer_name   TEXT NOT NULL,
    customer_phone  TEXT,
    paid            INTEGER NOT NULL,
    ordered_at      INTEGER NOT NULL,
    received_at     INTEGER NOT NULL,
    collect_by      INTEGER,
    collection_code TEXT NOT NULL,
    state           TEXT NOT NULL,
    unfulfilled     INTEGER NOT NULL,
    bay             TEXT,
    picker          TEXT,
    at_risk         INTEGER NOT NULL,
    currency        TEXT NOT NULL,
    PRIMARY KEY (store, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX web_order_number ON web_order (number);
CREATE UNIQUE INDEX web_order_key ON web_order (channel, sender, buyer, reference);
CREATE INDEX web_order_reference ON web_order (channel, reference);
CREATE UNIQUE INDEX web_order_code ON web_order (store, collection_code) WHERE unfulfilled = 1 AND collection_code <> '';
CREATE TABLE order_line (
    store            TEXT NOT NULL,
    number           TEXT NOT NULL,
    line             INTEGER NOT NULL,
    product          TEXT NOT NULL,
    name             TEXT NOT NULL,
    ordered          INTEGER NOT NULL,
    picked           INTEGER NOT NULL,
    handed_over      INTEGER NOT NULL,
    cancelled        INTEGER NOT NULL,
    short            INTEGER NOT NULL,
    unit_price_minor INTEGER NOT NULL,
    tax              TEXT NOT NULL,
    PRIMARY KEY (store, number, line)
) WITHOUT ROWID;
CREATE INDEX order_line_product ON order_line (store, product, number);

-- Steps that did not fit their order, for people to look at.
CREATE TABLE order_anomaly (
    store    TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    number   TEXT NOT NULL,
    what     TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    PRIMARY KEY (store, entry_id, position)
) WITHOUT ROWID;

-- Documents that are no order yet.
CREATE TABLE problem_order (
    problem     BLOB PRIMARY KEY,
    channel     TEXT NOT NULL,
    reference   TEXT NOT NULL,
    document    BLOB NOT NULL,
    problems    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'dismissed', 'resubmitted')),
    received_at INTEGER NOT NULL,
    times       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX problem_order_state ON problem_order (state, received_at);

CREATE TABLE conflict_case (
    store       TEXT NOT NULL,
    case_id     BLOB NOT NULL,
    product     TEXT NOT NULL,
    number      TEXT NOT NULL,
    quantity    INTEGER NOT NULL,
    state       TEXT NOT NULL,
    owner       TEXT,
    opened_at   INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    closed_at   INTEGER,
    PRIMARY KEY (store, case_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX conflict_case_open ON conflict_case (store, number, product) WHERE closed_at IS NULL;
CREATE INDEX conflict_case_product ON conflict_case (store, product) WHERE closed_at IS NULL;
-- What was done about a case, by whom, and what was known then.
CREATE TABLE case_act (
    store       TEXT NOT NULL,
    case_id     BLOB NOT NULL,
    position    INTEGER NOT NULL,
    act         TEXT NOT NULL,
    entry_id    BLOB,
    workstation TEXT,
    person      TEXT,
    note        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (store, case_id, position)
) WITHOUT ROWID;

CREATE TABLE channel (
    channel    TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    stores     TEXT NOT NULL,
    calls      TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE channel_token (
    token_hash BLOB PRIMARY KEY,
    channel    TEXT NOT NULL REFERENCES channel (channel) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX channel_token_channel ON channel_token (channel);

-- Feeds: which record changed as which number. A record's newer change takes the place of its older one, so a feed is never
-- longer than what it is about, and reading it from nothing is the snapshot.
CREATE TABLE feed_head (
    feed   TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE feed (
    feed   TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (feed, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX feed_record ON feed (feed, kind, record);
