-- Whom a request to another store is for. The name goes when the request is over.
ALTER TABLE transfer ADD COLUMN for_order TEXT;
ALTER TABLE transfer ADD COLUMN customer TEXT NOT NULL DEFAULT '';
-- What the asking store's tills have withdrawn: central, filled again from its tills, may hear of it before the request.
CREATE TABLE transfer_withdrawal (
    store    TEXT NOT NULL,
    transfer BLOB NOT NULL,
    PRIMARY KEY (store, transfer)
) WITHOUT ROWID;
