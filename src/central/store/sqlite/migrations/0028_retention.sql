-- When an order was over, and when the persons in it were forgotten: names, telephone numbers, addresses and the documents that
-- hold them have an end; what was sold, moved and paid has none. Orders that stores give each other name no persons. One that was
-- over before this was kept counts from the last that is known of it.
ALTER TABLE web_order ADD COLUMN over_at INTEGER;
ALTER TABLE web_order ADD COLUMN forgotten_at INTEGER;
UPDATE web_order SET over_at = MAX(received_at, COALESCE(collect_by, 0),
    COALESCE((SELECT MAX(a.at) FROM order_act a WHERE a.number = web_order.number), 0))
WHERE unfulfilled = 0 AND channel <> 'transfer';
CREATE INDEX web_order_to_forget ON web_order (over_at) WHERE over_at IS NOT NULL AND forgotten_at IS NULL;
-- Of a document that was forgotten, the SHA-256 of its bytes: the same sent again is still known.
ALTER TABLE order_document ADD COLUMN digest BLOB;
ALTER TABLE problem_order ADD COLUMN forgotten_at INTEGER;
UPDATE problem_order SET settled_at = received_at WHERE state <> 'open' AND settled_at IS NULL;
CREATE INDEX problem_order_to_forget ON problem_order (settled_at) WHERE settled_at IS NOT NULL AND forgotten_at IS NULL;
ALTER TABLE order_file ADD COLUMN forgotten_at INTEGER;
CREATE INDEX order_file_to_forget ON order_file (received_at) WHERE filed = 1 AND forgotten_at IS NULL;
