-- The orders of a store that were over last are named to each of its tills: whoever asks for one finds it there.
CREATE INDEX web_order_over ON web_order (store, over_at) WHERE over_at IS NOT NULL AND forgotten_at IS NULL;
