-- How prices are changed by hand: the reasons that are offered, and the most a role may take off, both as JSON lists.
ALTER TABLE store ADD COLUMN price_change_reasons TEXT NOT NULL DEFAULT '[]';
ALTER TABLE store ADD COLUMN discount_caps TEXT NOT NULL DEFAULT '[]';
