-- What became of a problem order: who settled it and when, why it was dismissed, what its mended document became.
ALTER TABLE problem_order ADD COLUMN settled_at INTEGER;
ALTER TABLE problem_order ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE problem_order ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE problem_order ADD COLUMN successor TEXT NOT NULL DEFAULT '';
CREATE INDEX problem_order_channel ON problem_order (channel, received_at);

-- What came in by each channel, order by order.
CREATE TABLE channel_count (
    channel    TEXT PRIMARY KEY,
    received   INTEGER NOT NULL,
    imported   INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    problems   INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO channel_count (channel, received, imported, duplicates, problems)
SELECT channel, SUM(imported) + SUM(problems), SUM(imported), 0, SUM(problems) FROM
    (SELECT channel, 1 AS imported, 0 AS problems FROM web_order
     UNION ALL SELECT channel, 0, times FROM problem_order)
GROUP BY channel;
