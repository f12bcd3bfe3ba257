-- The same as `last_at`, in central's time: counts of other tills are told in it. Null until central's clock is known.
ALTER TABLE count_list ADD COLUMN happened_at INTEGER;
