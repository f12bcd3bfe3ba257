-- What is done with items and buyers of a channel's orders that nobody knows.
ALTER TABLE channel ADD COLUMN unknown TEXT NOT NULL DEFAULT 'problem' CHECK (unknown IN ('problem', 'hold'));

-- Lines that are no product of ours yet, as they came: by our number alone, which an order keeps in whichever store it is.
-- A line that has been matched stays, with what it was matched to: its sender goes on naming it as before.
CREATE TABLE unmatched_line (
    number           TEXT NOT NULL,
    line             INTEGER NOT NULL,
    name             TEXT NOT NULL,
    gtin             TEXT,
    sellers_number   TEXT,
    buyers_number    TEXT,
    quantity         INTEGER NOT NULL,
    unit             TEXT,
    unit_price_minor INTEGER NOT NULL,
    price            TEXT NOT NULL,
    lacks_tax        INTEGER NOT NULL,
    -- Everything the buyer is called by, as JSON.
    buyers           TEXT NOT NULL,
    -- What it is, how many of our unit one of the sender's is, and by what the sender's price is to be multiplied.
    product          TEXT,
    factor           TEXT,
    price_factor     TEXT,
    PRIMARY KEY (number, line)
) WITHOUT ROWID;
-- How many lines of an order are held; nearly always none.
ALTER TABLE web_order ADD COLUMN unmatched INTEGER NOT NULL DEFAULT 0;
CREATE INDEX web_order_held ON web_order (number) WHERE unmatched > 0 OR buyer = '';
-- Which customer of ours buys, where that is known.
ALTER TABLE web_order ADD COLUMN customer TEXT;
-- What the sender added in words, for whoever serves the order.
ALTER TABLE web_order ADD COLUMN notes TEXT NOT NULL DEFAULT '';
-- What a customer is called in documents, beside its number.
CREATE TABLE customer_identity (
    identity TEXT PRIMARY KEY,
    customer TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX customer_identity_customer ON customer_identity (customer);
