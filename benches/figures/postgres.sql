-- Central's book as PostgreSQL would keep it: what one sale writes, in one function, and no more.
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
CREATE TABLE entry (
    store text, entry_id bytea, workstation text NOT NULL, run bytea NOT NULL, sequence bigint NOT NULL,
    recorded_at bigint NOT NULL, received_at bigint NOT NULL, kind text NOT NULL, payload bytea NOT NULL,
    previous_hash bytea NOT NULL, hash bytea NOT NULL, signature bytea NOT NULL, PRIMARY KEY (store, entry_id)
);
CREATE INDEX entry_place ON entry (store, workstation, run, sequence, hash);
CREATE INDEX entry_previous ON entry (store, workstation, previous_hash, received_at);
CREATE TABLE run (store text, workstation text, run bytea, contiguous bigint NOT NULL, PRIMARY KEY (store, workstation, run));
CREATE TABLE till (store text, workstation text, seen_at bigint NOT NULL, PRIMARY KEY (store, workstation));
CREATE TABLE sale (
    store text, workstation text, receipt_number bigint, entry_id bytea, total_minor bigint NOT NULL,
    completed_at bigint NOT NULL, PRIMARY KEY (store, workstation, receipt_number, entry_id)
);
CREATE TABLE movement (
    store text, entry_id bytea, position int, product text NOT NULL, quantity bigint NOT NULL, reason text NOT NULL,
    workstation text, moved_at bigint NOT NULL, received_at bigint NOT NULL, PRIMARY KEY (store, entry_id, position)
);
CREATE TABLE level (
    store text, product text, on_hand bigint NOT NULL DEFAULT 0, held bigint NOT NULL DEFAULT 0,
    promised bigint NOT NULL DEFAULT 0, safety bigint NOT NULL DEFAULT 0, story text NOT NULL DEFAULT '',
    PRIMARY KEY (store, product)
);
CREATE INDEX level_product ON level (product, store);
CREATE TABLE feed_head (feed text PRIMARY KEY, number bigint NOT NULL);
CREATE TABLE feed (feed text, number bigint, kind text, record text NOT NULL, PRIMARY KEY (feed, number));
CREATE UNIQUE INDEX feed_record ON feed (feed, kind, record);

CREATE FUNCTION touch(of_feed text, products text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE head bigint; many bigint := cardinality(products);
BEGIN
    -- The row's lock makes numbers without gaps: it is held until the commit.
    INSERT INTO feed_head AS h VALUES (of_feed, many)
        ON CONFLICT (feed) DO UPDATE SET number = h.number + excluded.number RETURNING number INTO head;
    INSERT INTO feed SELECT of_feed, head - many + place, 'stock', product
        FROM unnest(products) WITH ORDINALITY AS touched (product, place)
        ON CONFLICT (feed, kind, record) DO UPDATE SET number = excluded.number;
END $$;

CREATE FUNCTION fill_store(of_store text, products text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO level (store, product, on_hand) SELECT of_store, product, 100000000 FROM unnest(products) AS p (product);
    PERFORM touch('store/' || of_store, products);
END $$;

CREATE FUNCTION take_sale(
    of_store text, of_workstation text, of_entry bytea, of_run bytea, of_sequence bigint, at bigint, of_kind text,
    of_payload bytea, of_previous bytea, of_hash bytea, of_signature bytea, of_receipt bigint, of_total bigint,
    products text[], quantities bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE touched text[];
BEGIN
    IF of_sequence > 1 AND NOT EXISTS (
        SELECT 1 FROM entry WHERE store = of_store AND workstation = of_workstation AND run = of_run
            AND sequence = of_sequence - 1 AND hash = of_previous
    ) THEN RAISE EXCEPTION 'the chain is broken'; END IF;
    INSERT INTO entry VALUES (of_store, of_entry, of_workstation, of_run, of_sequence, at, at, of_kind, of_payload,
        of_previous, of_hash, of_signature) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;
    INSERT INTO run VALUES (of_store, of_workstation, of_run, of_sequence)
        ON CONFLICT (store, workstation, run) DO UPDATE SET contiguous = excluded.contiguous;
    INSERT INTO till VALUES (of_store, of_workstation, at)
        ON CONFLICT (store, workstation) DO UPDATE SET seen_at = excluded.seen_at;
    IF cardinality(products) = 0 THEN RETURN; END IF;
    INSERT INTO sale VALUES (of_store, of_workstation, of_receipt, of_entry, of_total, at);
    INSERT INTO movement SELECT of_store, of_entry, place, product, quantity, 'sale', of_workstation, at, at
        FROM unnest(products, quantities) WITH ORDINALITY AS line (product, quantity, place);
    -- In the order of the key, so that two sales of the same products never wait for each other in a circle.
    INSERT INTO level AS l (store, product, on_hand, story)
        SELECT of_store, product, sum(quantity), concat_ws(' ', sum(quantity), 'sale', at, of_workstation) || E'\n'
        FROM unnest(products, quantities) AS line (product, quantity) GROUP BY product ORDER BY product
        ON CONFLICT (store, product) DO UPDATE SET on_hand = l.on_hand + excluded.on_hand,
            story = array_to_string((string_to_array(excluded.story || l.story, E'\n'))[:3], E'\n');
    SELECT array_agg(DISTINCT product) INTO touched FROM unnest(products) AS line (product);
    PERFORM touch('store/' || of_store, touched);
END $$;
