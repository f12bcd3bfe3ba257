-- The orders that wait for their customer, by when they lapse.
CREATE INDEX web_order_deadline ON web_order (collect_by)
WHERE collect_by IS NOT NULL AND state IN ('ready', 'part_handed_over') AND fulfilment = 'pick_up';
