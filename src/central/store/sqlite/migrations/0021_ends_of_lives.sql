-- When a life of the file ended as it should: one that did not, or that is long ago, may be a copy's.
ALTER TABLE start ADD COLUMN ended_at INTEGER;
