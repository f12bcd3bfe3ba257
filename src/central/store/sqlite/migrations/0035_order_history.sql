-- What was done to an order, as protobuf (`till.v1.OrderHistory`). Of before, only the journals tell.
ALTER TABLE web_order ADD COLUMN history BLOB NOT NULL DEFAULT x'';
