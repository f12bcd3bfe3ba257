-- What has come of each transfer, by what the asking store's tills say: goods came once, however many of them say so. A transfer
-- that was closed before this was kept counts as come when it had been sent.
CREATE TABLE transfer_receipt (
    store    TEXT NOT NULL,
    transfer BLOB NOT NULL,
    product  TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (store, transfer, product)
) WITHOUT ROWID;
INSERT INTO transfer_receipt (store, transfer, product, received)
SELECT t.store, t.entry_id, t.product, CASE WHEN o.state = 'handed_over' THEN t.quantity ELSE 0 END
FROM transfer t LEFT JOIN web_order o ON o.number = t.number WHERE t.state = 'closed';
