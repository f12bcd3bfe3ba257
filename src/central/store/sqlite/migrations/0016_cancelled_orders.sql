-- What was picked for an order that was cancelled is held until it is put back. Until now it was free from the cancellation
-- on: what was cancelled by then counts as put back, as the levels have it.
UPDATE order_line SET picked = handed_over
WHERE picked > handed_over
  AND EXISTS (SELECT 1 FROM web_order w WHERE w.number = order_line.number AND w.store = order_line.store AND w.state = 'cancelled');
