-- Every document about an order as it came, oldest first: the order itself, its changes, its cancellation. By our number
-- alone, which an order keeps in whichever store it is.
CREATE TABLE order_document (
    number      TEXT NOT NULL,
    position    INTEGER NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('order', 'change', 'cancellation')),
    content     BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    document    BLOB NOT NULL
);
CREATE UNIQUE INDEX order_document_position ON order_document (number, position);
INSERT INTO order_document (number, position, kind, content, received_at, document)
SELECT number, 1, 'order', content, received_at, document FROM web_order;
ALTER TABLE web_order DROP COLUMN document;
