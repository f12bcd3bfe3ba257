-- What one order writes in central's book, in one function and no more, over the tables of postgres.sql.
CREATE SEQUENCE order_number START 10001;
CREATE TABLE web_order (
    store text, number text, channel text NOT NULL, sender text NOT NULL, buyer text NOT NULL, reference text NOT NULL,
    content bytea NOT NULL, fulfilment text NOT NULL, customer_name text NOT NULL, customer_phone text, paid boolean NOT NULL,
    ordered_at bigint NOT NULL, received_at bigint NOT NULL, collect_by bigint, collection_code text NOT NULL,
    state text NOT NULL, unfulfilled boolean NOT NULL, bay text, picker text, at_risk boolean NOT NULL,
    currency text NOT NULL, carrier text, tracking text, PRIMARY KEY (store, number)
);
CREATE UNIQUE INDEX web_order_number ON web_order (number);
CREATE UNIQUE INDEX web_order_key ON web_order (channel, sender, buyer, reference);
CREATE INDEX web_order_reference ON web_order (channel, reference);
CREATE UNIQUE INDEX web_order_code ON web_order (store, collection_code) WHERE unfulfilled AND collection_code <> '';
CREATE INDEX web_order_deadline ON web_order (collect_by)
    WHERE collect_by IS NOT NULL AND state IN ('ready', 'part_handed_over') AND fulfilment = 'pick_up';
CREATE TABLE order_line (
    store text, number text, line int, product text NOT NULL, name text NOT NULL, ordered bigint NOT NULL,
    picked bigint NOT NULL, handed_over bigint NOT NULL, cancelled bigint NOT NULL, short bigint NOT NULL,
    unit_price_minor bigint NOT NULL, tax text NOT NULL, PRIMARY KEY (store, number, line)
);
CREATE INDEX order_line_product ON order_line (store, product, number);
CREATE TABLE order_document (
    number text NOT NULL, position int NOT NULL, kind text NOT NULL, content bytea NOT NULL, received_at bigint NOT NULL,
    document bytea NOT NULL, notes text NOT NULL
);
CREATE UNIQUE INDEX order_document_position ON order_document (number, position);
CREATE TABLE channel_count (
    channel text PRIMARY KEY, received bigint NOT NULL, imported bigint NOT NULL, duplicates bigint NOT NULL,
    problems bigint NOT NULL
);

CREATE FUNCTION touch_order(of_feed text, of_number text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE head bigint;
BEGIN
    INSERT INTO feed_head AS h VALUES (of_feed, 1)
        ON CONFLICT (feed) DO UPDATE SET number = h.number + 1 RETURNING number INTO head;
    INSERT INTO feed VALUES (of_feed, head, 'order', of_number)
        ON CONFLICT (feed, kind, record) DO UPDATE SET number = excluded.number;
END $$;

-- It is given what central has to read from the document and to look up in its catalogue.
CREATE FUNCTION take_order(
    of_store text, of_channel text, of_buyer text, of_reference text, of_content bytea, of_document bytea,
    of_customer text, of_code text, at bigint, products text[], names text[], quantities bigint[], prices bigint[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE of_number text;
BEGIN
    SELECT number INTO of_number FROM web_order
        WHERE channel = of_channel AND sender = '' AND buyer = of_buyer AND reference = of_reference;
    IF FOUND THEN RETURN of_number; END IF;
    of_number := 'W-' || nextval('order_number');
    INSERT INTO web_order VALUES (of_store, of_number, of_channel, '', of_buyer, of_reference, of_content, 'pick_up',
        of_customer, NULL, false, at, at, at + 864000000000, of_code, 'received', true, NULL, NULL, false, 'EUR', NULL, NULL);
    INSERT INTO order_line SELECT of_store, of_number, place, product, name, quantity, 0, 0, 0, 0, price, 'A'
        FROM unnest(products, names, quantities, prices) WITH ORDINALITY AS line (product, name, quantity, price, place);
    INSERT INTO order_document VALUES (of_number, 1, 'order', of_content, at, of_document, '');
    -- In the order of the key, so that two orders of the same products never wait for each other in a circle.
    INSERT INTO level AS l (store, product, promised) SELECT of_store, product, sum(quantity)
        FROM unnest(products, quantities) AS line (product, quantity) GROUP BY product ORDER BY product
        ON CONFLICT (store, product) DO UPDATE SET promised = l.promised + excluded.promised;
    PERFORM touch('availability/' || of_store, products);
    PERFORM touch_order('store/' || of_store, of_number);
    PERFORM touch_order('channel/' || of_channel, of_number);
    INSERT INTO channel_count AS c VALUES (of_channel, 1, 1, 0, 0)
        ON CONFLICT (channel) DO UPDATE SET received = c.received + 1, imported = c.imported + 1;
    RETURN of_number;
END $$;
