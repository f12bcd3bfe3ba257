-- How much a count may differ from the books before a supervisor agrees, in minor units of the store's currency.
ALTER TABLE store ADD COLUMN drawer_difference_minor INTEGER NOT NULL DEFAULT 2000;
ALTER TABLE store ADD COLUMN stock_difference_minor INTEGER NOT NULL DEFAULT 10000;
-- At which till its shelf was counted; null for a figure from outside, which is of all that is on hand.
ALTER TABLE stock_cut ADD COLUMN workstation TEXT;
-- Who else agreed to it, where the store asks for that.
ALTER TABLE case_act ADD COLUMN approver TEXT;
