-- Orders by number, as people count: W-9999 before W-10000. Of all, of a store, of a channel, and those that are not over by
-- where they stand.
CREATE INDEX web_order_listed ON web_order (LENGTH(number), number);
CREATE INDEX web_order_listed_store ON web_order (store, LENGTH(number), number);
CREATE INDEX web_order_listed_channel ON web_order (channel, LENGTH(number), number);
CREATE INDEX web_order_listed_state ON web_order (state, LENGTH(number), number) WHERE unfulfilled = 1;
