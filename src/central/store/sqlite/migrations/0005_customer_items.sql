-- What customers call our products: by the customer's identity as its orders name it, and the customer's own number.
CREATE TABLE customer_item (
    customer     TEXT NOT NULL,
    their_number TEXT NOT NULL,
    product      TEXT NOT NULL REFERENCES product (product) ON DELETE CASCADE,
    PRIMARY KEY (customer, their_number)
) WITHOUT ROWID;
CREATE INDEX customer_item_product ON customer_item (product);
-- What the sender added in words.
ALTER TABLE order_document ADD COLUMN notes TEXT NOT NULL DEFAULT '';
