-- The till's file, first edition. A migration never changes once it has shipped: the next edition is a new file.
--
-- Times are microseconds since 1970 in universal time, money minor units, quantities thousandths, identities 16 bytes.
-- A `record` is the protobuf encoding of the whole value; the columns beside it are what is searched by.
-- `position` is an entry's place in this file; every projection names the entry it was folded from.

-- One row: whose file this is, where the journal ends, and the next receipt number.
CREATE TABLE till (
    only_row            INTEGER PRIMARY KEY CHECK (only_row = 1),
    store               TEXT NOT NULL,
    workstation         TEXT NOT NULL,
    head_position       INTEGER NOT NULL,
    head_hash           BLOB NOT NULL CHECK (length(head_hash) = 32),
    next_receipt_number INTEGER NOT NULL CHECK (next_receipt_number >= 1)
) STRICT;

-- The public keys the journal is signed with, each from an entry on.
CREATE TABLE signing_key (
    first_position INTEGER PRIMARY KEY,
    public_key     BLOB NOT NULL CHECK (length(public_key) = 32)
) STRICT;

-- The book of record.
CREATE TABLE journal (
    position      INTEGER PRIMARY KEY,
    entry         BLOB NOT NULL UNIQUE CHECK (length(entry) = 16),
    store         TEXT NOT NULL,
    workstation   TEXT NOT NULL,
    run           BLOB NOT NULL CHECK (length(run) = 16),
    sequence      INTEGER NOT NULL CHECK (sequence >= 1),
    recorded_at   INTEGER NOT NULL,
    operator      TEXT,
    business_day  TEXT NOT NULL,
    kind          TEXT NOT NULL,
    payload       BLOB NOT NULL,
    previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
    hash          BLOB NOT NULL CHECK (length(hash) = 32),
    signature     BLOB NOT NULL CHECK (length(signature) = 64),
    UNIQUE (run, sequence)
) STRICT;

CREATE TRIGGER journal_is_never_updated BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- The starts of the till, in order. `last_sequence` is known once the next run has begun.
CREATE TABLE run (
    first_position INTEGER PRIMARY KEY,
    run            BLOB NOT NULL UNIQUE CHECK (length(run) = 16),
    last_sequence  INTEGER
) STRICT;

-- Central's word on which entries it has, per run: contiguous marks.
CREATE TABLE acknowledged (
    run      BLOB PRIMARY KEY CHECK (length(run) = 16),
    sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which of the till's own entries central's figures contain, per run.
CREATE TABLE contained (
    run      BLOB PRIMARY KEY CHECK (length(run) = 16),
    sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Movements of own entries. `pending` while central's figures do not contain them.
CREATE TABLE movement (
    position INTEGER NOT NULL,
    ordinal  INTEGER NOT NULL,
    run      BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    product  TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    pending  INTEGER NOT NULL CHECK (pending IN (0, 1)),
    PRIMARY KEY (position, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX movement_pending_by_product ON movement (product, position, quantity) WHERE pending = 1;
CREATE INDEX movement_pending_by_mark ON movement (run, sequence) WHERE pending = 1;

-- Own steps on web orders; what each was stands in its journal entry.
CREATE TABLE order_step (
    position INTEGER NOT NULL,
    number   TEXT NOT NULL,
    run      BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    pending  INTEGER NOT NULL CHECK (pending IN (0, 1)),
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_step_pending_by_order ON order_step (number, position) WHERE pending = 1;
CREATE INDEX order_step_pending_by_mark ON order_step (run, sequence) WHERE pending = 1;

-- Spells at the till.
CREATE TABLE session (
    session            BLOB PRIMARY KEY CHECK (length(session) = 16),
    position           INTEGER NOT NULL,
    business_day       TEXT NOT NULL,
    operator           TEXT NOT NULL,
    opened_at          INTEGER NOT NULL,
    currency           TEXT NOT NULL,
    float_minor        INTEGER NOT NULL,
    cash_sales_minor   INTEGER NOT NULL,
    card_sales_minor   INTEGER NOT NULL,
    cash_moved_minor   INTEGER NOT NULL,
    sale_count         INTEGER NOT NULL,
    sale_total_minor   INTEGER NOT NULL,
    closed_at          INTEGER,
    expected_minor     INTEGER,
    counted_minor      INTEGER,
    difference_reason  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX session_open ON session (position) WHERE closed_at IS NULL;

-- Completed sales; all of a sale stands in its journal entry.
CREATE TABLE sale (
    receipt_number INTEGER PRIMARY KEY,
    position       INTEGER NOT NULL UNIQUE,
    basket         BLOB NOT NULL UNIQUE CHECK (length(basket) = 16),
    session        BLOB NOT NULL CHECK (length(session) = 16),
    operator       TEXT NOT NULL,
    completed_at   INTEGER NOT NULL,
    business_day   TEXT NOT NULL,
    currency       TEXT NOT NULL,
    total_minor    INTEGER NOT NULL,
    line_count     INTEGER NOT NULL,
    copies         INTEGER NOT NULL
) STRICT;
CREATE INDEX sale_by_total ON sale (total_minor, receipt_number);

-- Which sales a product is in. Search, too, shows what is sold often first.
CREATE TABLE sale_product (
    product  TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (product, position)
) STRICT, WITHOUT ROWID;

-- Wrong PINs in a row, per operator.
CREATE TABLE sign_in_failure (
    operator TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where each part of the feed goes on, and when it was true.
CREATE TABLE feed (
    scope  TEXT PRIMARY KEY CHECK (scope IN ('company', 'store')),
    cursor INTEGER NOT NULL,
    as_of  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is sold. `folded` is what search reads: lower case, no accents, between blanks.
CREATE TABLE product (
    id          INTEGER PRIMARY KEY,
    product     TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    folded      TEXT NOT NULL,
    currency    TEXT NOT NULL,
    price_minor INTEGER NOT NULL,
    price_kind  TEXT NOT NULL,
    tax         TEXT NOT NULL,
    department  TEXT NOT NULL,
    unit        TEXT NOT NULL,
    age_limit   INTEGER,
    variant_of  TEXT,
    bin         TEXT,
    stocked     INTEGER NOT NULL CHECK (stocked IN (0, 1)),
    quick_key   INTEGER
) STRICT;
CREATE INDEX product_by_quick_key ON product (quick_key) WHERE quick_key IS NOT NULL;
CREATE INDEX product_by_variant ON product (variant_of) WHERE variant_of IS NOT NULL;
CREATE INDEX product_by_beginning ON product (substr(folded, 2, 6));

-- Codes that lead to products. Two products may claim one code; the till asks.
CREATE TABLE barcode (
    key     TEXT NOT NULL,
    product INTEGER NOT NULL REFERENCES product (id) ON DELETE CASCADE,
    pack    INTEGER NOT NULL CHECK (pack >= 1),
    PRIMARY KEY (key, product)
) STRICT, WITHOUT ROWID;
CREATE INDEX barcode_by_product ON barcode (product);

-- Parts of names: three letters at a time, without positions.
CREATE VIRTUAL TABLE product_search USING fts5 (folded, content = 'product', content_rowid = 'id', tokenize = 'trigram', detail = 'none');

-- The words names are made of, for typing errors.
CREATE TABLE word (
    id     INTEGER PRIMARY KEY,
    word   TEXT NOT NULL UNIQUE,
    uses   INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE word_search USING fts5 (word, content = 'word', content_rowid = 'id', tokenize = 'trigram', detail = 'none');

-- People who may sign in.
CREATE TABLE operator (
    operator TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    badge    TEXT,
    active   INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_by_badge ON operator (badge) WHERE badge IS NOT NULL;

-- One row: the store's settings.
CREATE TABLE settings (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    record   BLOB NOT NULL
) STRICT;

-- Central's figures for this store.
CREATE TABLE stock_figure (
    product TEXT PRIMARY KEY,
    on_hand INTEGER NOT NULL,
    safety  INTEGER NOT NULL,
    record  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Web orders of this store: as central knows them (`base`), and with the own steps central does not have yet (`record`).
CREATE TABLE web_order (
    number          TEXT PRIMARY KEY,
    base            BLOB NOT NULL,
    record          BLOB NOT NULL,
    state           TEXT NOT NULL,
    unfulfilled     INTEGER NOT NULL CHECK (unfulfilled IN (0, 1)),
    collection_code TEXT NOT NULL,
    collect_by      INTEGER,
    ordered_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_order_by_state ON web_order (state, collect_by, ordered_at);
CREATE INDEX web_order_by_code ON web_order (collection_code);

-- What unfulfilled orders hold and need, per product.
CREATE TABLE order_line (
    product  TEXT NOT NULL,
    number   TEXT NOT NULL,
    held     INTEGER NOT NULL,
    promised INTEGER NOT NULL,
    PRIMARY KEY (product, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_line_by_order ON order_line (number);

-- Conflict cases: central's, and those own sales have opened that central does not have yet (`run`, `sequence`).
CREATE TABLE conflict_case (
    case_id   BLOB PRIMARY KEY CHECK (length(case_id) = 16),
    product   TEXT NOT NULL,
    number    TEXT NOT NULL,
    quantity  INTEGER NOT NULL,
    state     TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    run       BLOB,
    sequence  INTEGER
) STRICT, WITHOUT ROWID;

-- Products whose books proved wrong: to be counted.
CREATE TABLE count_list (
    product  TEXT PRIMARY KEY,
    reason   TEXT NOT NULL,
    times    INTEGER NOT NULL,
    since    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Documents on their way to paper: why each exists, so that it can be made again, and how far it got.
CREATE TABLE print_job (
    ordinal    INTEGER PRIMARY KEY AUTOINCREMENT,
    job        BLOB NOT NULL UNIQUE CHECK (length(job) = 16),
    cause      TEXT NOT NULL,
    operator   TEXT,
    state      TEXT NOT NULL,
    confirmed  INTEGER NOT NULL,
    blocks     INTEGER NOT NULL,
    queued_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    settled    INTEGER NOT NULL CHECK (settled IN (0, 1))
) STRICT;
CREATE INDEX print_job_unsettled ON print_job (ordinal) WHERE settled = 0;

-- One row at most: the open basket.
CREATE TABLE draft (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    basket   BLOB NOT NULL CHECK (length(basket) = 16),
    record   BLOB NOT NULL
) STRICT;

-- Baskets put aside on this till.
CREATE TABLE parked (
    basket    BLOB PRIMARY KEY CHECK (length(basket) = 16),
    label     TEXT NOT NULL,
    operator  TEXT,
    parked_at INTEGER NOT NULL,
    record    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
