-- Which sales a product is in, of the sales since the till was last idle. `sale_product` is ordered by product, so that a
-- sale of ten lines touches a page of it for each; here the ten stand side by side, and an idle moment moves them there.
CREATE TABLE sale_product_recent (
    position INTEGER NOT NULL,
    product  TEXT NOT NULL,
    PRIMARY KEY (position, product)
) STRICT, WITHOUT ROWID;
