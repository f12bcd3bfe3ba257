-- By which rule the content of a document was reckoned. What is here already may be of an older one: it is reckoned anew when
-- a document is held against it.
ALTER TABLE order_document ADD COLUMN content_rule INTEGER NOT NULL DEFAULT 0;
