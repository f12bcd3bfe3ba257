-- What several tills did is compared in central's time: `moved_at` of movement and shelf_move and `cut_at` of stock_cut are in it
-- from here on. What the till's own clock said stands in its entry.
--
-- Of each run: when its last entry happened, and which one that is; and up to when its till had nothing more to say.
ALTER TABLE run ADD COLUMN moment INTEGER;
ALTER TABLE run ADD COLUMN moment_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN heard_at INTEGER;
-- When what was put aside happened, for it to be booked then; null for what was put aside before.
ALTER TABLE quarantine ADD COLUMN moment INTEGER;
-- When goods of a transfer came: the earliest that a till which took them in says. Null where only older programs said so.
ALTER TABLE transfer_receipt ADD COLUMN came_at INTEGER;
-- What is there was written by tills whose clocks were taken as right: all that is sure is that none of it was in the future.
UPDATE movement SET moved_at = received_at WHERE moved_at > received_at;
UPDATE OR IGNORE shelf_move SET moved_at = (SELECT MAX(seen_at) FROM till)
    WHERE moved_at > (SELECT MAX(seen_at) FROM till);
UPDATE stock_cut SET cut_at = (SELECT MAX(seen_at) FROM till)
    WHERE workstation IS NOT NULL AND cut_at > (SELECT MAX(seen_at) FROM till);
