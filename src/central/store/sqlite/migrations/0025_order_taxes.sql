-- What of a line is taxed at which rate, as the order's document says: a JSON list of percent, net and tax in minor units, the
-- goods' own rate first. Empty where it says nothing, as for every line of before: then the store's rates count.
ALTER TABLE order_line ADD COLUMN taxed TEXT NOT NULL DEFAULT '';
ALTER TABLE unmatched_line ADD COLUMN taxed TEXT NOT NULL DEFAULT '';
