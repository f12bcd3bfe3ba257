-- Receipts are looked for by their day. Sales come in the order of time: each adds to the end of it.
CREATE INDEX sale_by_time ON sale (completed_at);
