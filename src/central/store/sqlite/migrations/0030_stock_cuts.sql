-- When a product of a store was counted last, where a count says so: what moved before that and is heard of later is in the count
-- already.
CREATE TABLE stock_cut (
    store   TEXT NOT NULL,
    product TEXT NOT NULL,
    cut_at  INTEGER NOT NULL,
    PRIMARY KEY (store, product)
) WITHOUT ROWID;
