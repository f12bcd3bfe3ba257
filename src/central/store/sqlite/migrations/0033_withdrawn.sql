-- Not sold any more, and known until no open order names it.
ALTER TABLE product ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
