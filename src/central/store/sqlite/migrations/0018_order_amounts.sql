-- What a line costs to the cent, and its part of what its order takes off or puts on as a whole. Lines of before cost as many
-- times their unit price, rounded half up: none of them is below zero.
ALTER TABLE order_line ADD COLUMN amount_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN share_minor INTEGER NOT NULL DEFAULT 0;
UPDATE order_line SET amount_minor = (ordered * unit_price_minor + 500) / 1000;
-- Absent where the tax is not known until the line is matched.
ALTER TABLE unmatched_line ADD COLUMN amount_minor INTEGER;
ALTER TABLE unmatched_line ADD COLUMN share_minor INTEGER NOT NULL DEFAULT 0;
UPDATE unmatched_line SET amount_minor = (quantity * unit_price_minor + 500) / 1000 WHERE lacks_tax = 0;
-- What was received before, where it is not all.
ALTER TABLE web_order ADD COLUMN prepaid_minor INTEGER;
