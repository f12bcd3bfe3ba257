-- What is odd about entries that are booked, besides steps that did not fit their order.
CREATE TABLE finding (
    store    TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    -- The order it is about, when it is about one.
    number   TEXT,
    what     TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    PRIMARY KEY (store, entry_id, position)
) WITHOUT ROWID;
-- Taken at a till beyond what an order owed, and not given back yet.
ALTER TABLE web_order ADD COLUMN owed_back_minor INTEGER;
-- Handing it over moves stock. Lines of before were promised and held whatever they were, and stay so.
ALTER TABLE order_line ADD COLUMN stocked INTEGER NOT NULL DEFAULT 1;
