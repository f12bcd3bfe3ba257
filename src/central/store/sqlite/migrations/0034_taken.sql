-- What tills have taken for what was handed over of an order, as far as it was owed then: as the order has it, and after what was
-- taken off at the till. What they took before this was kept is not known.
ALTER TABLE web_order ADD COLUMN taken_in_full_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE web_order ADD COLUMN taken_minor INTEGER NOT NULL DEFAULT 0;
