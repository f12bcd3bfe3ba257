-- The documents of problem orders beside them: whoever lists problems does not read through megabytes of documents.
CREATE TABLE problem_document (
    problem  BLOB PRIMARY KEY,
    document BLOB NOT NULL
);
INSERT INTO problem_document (problem, document) SELECT problem, document FROM problem_order;
ALTER TABLE problem_order DROP COLUMN document;
CREATE INDEX problem_order_open ON problem_order (channel) WHERE state = 'open';
