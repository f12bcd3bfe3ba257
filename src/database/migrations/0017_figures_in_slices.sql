-- Many of central's figures at once, after a long time without it, come into the file in slices, so that a scan waits for one slice
-- and never for all of them. Until the last is there figures of two ages stand side by side: each says of which batch it is, and
-- `contained` what those of the batch that is coming contain.
ALTER TABLE stock_figure ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contained ADD COLUMN coming INTEGER NOT NULL DEFAULT 0;
CREATE TABLE coming (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    batch INTEGER NOT NULL,
    open  INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT;
INSERT INTO coming VALUES (1, 0, 0);

-- Which own movements count is said by the marks alone; `pending` keeps the indices small, and is taken off in an idle moment. What
-- of them a level is reckoned from stands in the index.
DROP INDEX movement_pending_by_product;
CREATE INDEX movement_pending_by_product ON movement (product, position, quantity, run, sequence) WHERE pending = 1 AND in_order = 1;
