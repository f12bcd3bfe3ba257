-- The order waits for head office to say which customer buys: nobody is named, or, by the channel of a customer's own system,
-- somebody nobody knows.
ALTER TABLE web_order ADD COLUMN buyer_held INTEGER NOT NULL DEFAULT 0;
UPDATE web_order SET buyer_held = 1 WHERE buyer = '' AND customer IS NULL;
DROP INDEX web_order_held;
CREATE INDEX web_order_held ON web_order (LENGTH(number), number) WHERE unmatched > 0 OR buyer_held = 1;
-- What was odd about a document that was taken all the same, a JSON array: head office reads it beside the document.
ALTER TABLE order_document ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
