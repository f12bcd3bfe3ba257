-- Which basket a sale was: none is sold twice. Sales of before do not say.
ALTER TABLE sale ADD COLUMN basket_id BLOB;
CREATE INDEX sale_basket ON sale (basket_id) WHERE basket_id IS NOT NULL;
