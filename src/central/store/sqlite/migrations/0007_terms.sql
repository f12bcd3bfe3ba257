-- Customers with terms of their own. A channel may belong to one: then it asks for that customer alone.
CREATE TABLE customer (
    customer    TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    price_group TEXT
) WITHOUT ROWID;
ALTER TABLE channel ADD COLUMN customer TEXT;

-- Prices that are not the list's: an amount, or a percentage off the list. The holder is a customer, a group, or empty for
-- everyone; a rule without a beginning begins at the smallest number.
CREATE TABLE price (
    product     TEXT NOT NULL,
    basis       TEXT NOT NULL CHECK (basis IN ('contract', 'group', 'quantity_break')),
    holder      TEXT NOT NULL,
    minimum     INTEGER NOT NULL,
    valid_from  INTEGER NOT NULL,
    valid_until INTEGER,
    price_minor INTEGER,
    currency    TEXT,
    percent_off TEXT,
    PRIMARY KEY (product, basis, holder, minimum, valid_from)
) WITHOUT ROWID;

-- Credit notes: who holds each or held it last (no end of the lease: given back), and how it was spent, once.
CREATE TABLE credit_note (
    credit       TEXT PRIMARY KEY,
    customer     TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    issued_at    INTEGER NOT NULL,
    expires_at   INTEGER,
    hold_channel TEXT,
    hold_id      TEXT,
    hold_until   INTEGER,
    spent_at     INTEGER,
    spent_for    TEXT
) WITHOUT ROWID;
CREATE INDEX credit_note_customer ON credit_note (customer, issued_at) WHERE spent_at IS NULL;
