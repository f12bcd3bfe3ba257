-- When each other store was last heard of: the age of its figures, which are in the records of this store's stock.
CREATE TABLE other_store (
    store TEXT PRIMARY KEY,
    name  TEXT NOT NULL,
    as_of INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
