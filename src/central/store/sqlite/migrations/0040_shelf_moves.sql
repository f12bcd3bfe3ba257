-- What steps on orders took from a shelf, or put on it, that the ledger does not say: what is picked has left its shelf and is on
-- hand all the same. By the clock of the till that did it: a count of the shelf may be heard of afterwards.
CREATE TABLE shelf_move (
    store       TEXT NOT NULL,
    product     TEXT NOT NULL,
    moved_at    INTEGER NOT NULL,
    entry_id    BLOB NOT NULL,
    workstation TEXT NOT NULL,
    quantity    INTEGER NOT NULL,
    PRIMARY KEY (store, product, moved_at, entry_id)
) WITHOUT ROWID;
