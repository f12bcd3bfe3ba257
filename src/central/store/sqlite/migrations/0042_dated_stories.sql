-- The last movements of a level were dated by tills' own clocks: of a till that was ahead they stood in the future, newer than
-- whatever moved since, and every count took them for later. They are told anew, as the ledger has them by central's time, of each
-- product of which an entry says that it was written after it came.
UPDATE level SET story = told.story
FROM (
    SELECT store, product, group_concat(line, char(10) ORDER BY place) AS story FROM (
        SELECT m.store, m.product,
            m.quantity || ' ' || m.reason || ' ' || CASE
                -- What a count made of an entry is dated by the count.
                WHEN e.recorded_at IS NULL OR m.reason = 'adjustment' AND e.kind <> 'stock_counted' THEN m.moved_at
                WHEN e.recorded_at = m.moved_at THEN m.moved_at
                ELSE e.recorded_at || '/' || m.moved_at
            END || ' ' || replace(COALESCE(m.workstation, ''), char(10), ' ') AS line,
            row_number() OVER (
                PARTITION BY m.store, m.product ORDER BY m.moved_at DESC, m.received_at DESC, e.sequence DESC, m.position DESC
            ) AS place
        FROM movement m LEFT JOIN entry e ON (e.store, e.entry_id) = (m.store, m.entry_id)
        WHERE (m.store, m.product) IN (
            SELECT ahead.store, moved.product
            FROM entry ahead JOIN movement moved ON (moved.store, moved.entry_id) = (ahead.store, ahead.entry_id)
            WHERE ahead.recorded_at > ahead.received_at
        )
    ) WHERE place <= 3 GROUP BY store, product
) AS told
WHERE (level.store, level.product) = (told.store, told.product);
-- What a step did to a shelf was done before central heard of it. Two of one entry and product may come to the same moment.
INSERT INTO shelf_move (store, product, moved_at, entry_id, workstation, quantity)
    SELECT s.store, s.product, e.received_at, s.entry_id, s.workstation, SUM(s.quantity)
    FROM shelf_move s JOIN entry e ON (e.store, e.entry_id) = (s.store, s.entry_id)
    WHERE s.moved_at > e.received_at + 1000000
    GROUP BY s.store, s.product, s.entry_id
    ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity;
DELETE FROM shelf_move WHERE moved_at > (
    SELECT e.received_at + 1000000 FROM entry e WHERE (e.store, e.entry_id) = (shelf_move.store, shelf_move.entry_id)
);
-- How far its till's clock was ahead when it handed over what nobody could read: whoever can read it later knows when it was.
ALTER TABLE quarantine ADD COLUMN ahead INTEGER;
