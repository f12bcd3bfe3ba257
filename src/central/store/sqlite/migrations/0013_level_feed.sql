-- A sale of ten lines changed some seventy pages all over the file. Now a level carries what its last movements were, and
-- under which numbers its figures were last told; its feed is only added to, and swept later, in order.

-- The last movements, newest first, a line each: thousandths, reason, microseconds, till.
ALTER TABLE level ADD COLUMN story TEXT NOT NULL DEFAULT '';
-- The number in the store's feed under which tills, and websites, were last told of it. Other rows of it are old.
ALTER TABLE level ADD COLUMN store_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE level ADD COLUMN availability_number INTEGER NOT NULL DEFAULT 0;
-- Up to where the old rows of a feed have been swept out.
ALTER TABLE feed_head ADD COLUMN swept INTEGER NOT NULL DEFAULT 0;

UPDATE level SET story = COALESCE((
    SELECT group_concat(line, char(10)) FROM (
        SELECT m.quantity || ' ' || m.reason || ' ' || m.moved_at || ' ' || COALESCE(m.workstation, '') AS line
        FROM movement m WHERE m.store = level.store AND m.product = level.product ORDER BY m.moved_at DESC LIMIT 3
    )), '');
DROP INDEX movement_product;

-- Tills and websites read the same rows from now on; both begin with a snapshot, once.
DELETE FROM start_head;
DELETE FROM start;
DELETE FROM feed WHERE feed LIKE 'availability/%';
DELETE FROM feed_head WHERE feed LIKE 'availability/%';
DROP INDEX feed_record;
DELETE FROM feed WHERE kind = 'stock';
CREATE UNIQUE INDEX feed_record ON feed (feed, kind, record) WHERE kind <> 'stock';
INSERT OR IGNORE INTO feed_head (feed, number) SELECT DISTINCT 'store/' || store, 0 FROM level;
UPDATE level SET store_number = told.number, availability_number = told.number
FROM (
    SELECT l.store, l.product, h.number + row_number() OVER (PARTITION BY l.store ORDER BY l.product) AS number
    FROM level l JOIN feed_head h ON h.feed = 'store/' || l.store
) AS told
WHERE told.store = level.store AND told.product = level.product;
INSERT INTO feed (feed, number, kind, record) SELECT 'store/' || store, store_number, 'stock', product FROM level;
UPDATE feed_head SET number = MAX(number, COALESCE((SELECT MAX(number) FROM feed WHERE feed.feed = feed_head.feed), 0));
