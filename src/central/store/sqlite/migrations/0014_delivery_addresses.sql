-- Where orders go that are sent: the lines of the label, as a JSON array. By our number alone, which an order keeps in
-- whichever store it is. Beside the orders and not in them: what tills are told of an order has no address in it.
CREATE TABLE delivery_address (
    number TEXT PRIMARY KEY,
    lines  TEXT NOT NULL
) WITHOUT ROWID;
