-- Goods one store (`store`) asks of another: kept by the entry that asked. `number` is the order in the giving store, from
-- whose state this one follows; NULL when it had none free.
CREATE TABLE transfer (
    store      TEXT NOT NULL,
    entry_id   BLOB NOT NULL,
    product    TEXT NOT NULL,
    quantity   INTEGER NOT NULL,
    from_store TEXT NOT NULL,
    number     TEXT,
    state      TEXT NOT NULL,
    asked_by   TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    case_id    BLOB,
    PRIMARY KEY (store, entry_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX transfer_number ON transfer (number) WHERE number IS NOT NULL;
