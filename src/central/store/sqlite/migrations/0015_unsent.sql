-- What each till said last of what it has written and central does not hold: how many entries, when the oldest of them was
-- written by its clock, and when it said so by central's.
ALTER TABLE till ADD COLUMN unsent INTEGER;
ALTER TABLE till ADD COLUMN oldest_unsent_at INTEGER;
ALTER TABLE till ADD COLUMN unsent_as_of INTEGER;
