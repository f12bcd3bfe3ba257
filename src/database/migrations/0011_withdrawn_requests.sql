-- A request to another store that was withdrawn here, until central says what came of that.
ALTER TABLE transfer ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1));
