-- When an order was over: for some days it is found by whoever asks for it. NULL while it is not over. Of one of before nobody
-- here knows when: it counts from the last that could be waited for.
ALTER TABLE web_order ADD COLUMN over_at INTEGER;
UPDATE web_order SET over_at = max(ordered_at, coalesce(collect_by, ordered_at)) WHERE unfulfilled = 0;
CREATE INDEX web_order_over ON web_order (over_at) WHERE over_at IS NOT NULL;
