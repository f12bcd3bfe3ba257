-- Own movements central's figures do not contain yet were found by product through one index: a sale of ten lines touched a
-- page of it for each. Those of the latest entries now stand side by side in an index of their own, and go where they are
-- found by product in an idle moment; most have gone to central by then.
ALTER TABLE movement ADD COLUMN in_order INTEGER NOT NULL DEFAULT 1 CHECK (in_order IN (0, 1));
DROP INDEX movement_pending_by_product;
CREATE INDEX movement_pending_by_product ON movement (product, position, quantity) WHERE pending = 1 AND in_order = 1;
CREATE INDEX movement_recent ON movement (position, ordinal, product, quantity) WHERE pending = 1 AND in_order = 0;
