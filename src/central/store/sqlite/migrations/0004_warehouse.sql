-- With whom an order went that is sent.
ALTER TABLE web_order ADD COLUMN carrier TEXT;
ALTER TABLE web_order ADD COLUMN tracking TEXT;

-- What head office and the warehouse did to an order, by our number alone, which an order keeps in whichever store it is.
-- The entry's identity makes the same act again change nothing.
CREATE TABLE order_act (
    number   TEXT NOT NULL,
    position INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    act      TEXT NOT NULL,
    person   TEXT NOT NULL,
    note     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (number, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX order_act_entry ON order_act (entry_id);

-- Tokens of head office: what each is good for, as words between commas.
CREATE TABLE office_token (
    token_hash BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX office_token_name ON office_token (name);
