-- Not sold any more, and known until no open order names it.
ALTER TABLE product ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
-- Changes of the feed that a program did not understand, and which program: another one asks for the whole scope again.
ALTER TABLE feed ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN version TEXT NOT NULL DEFAULT '';
-- Records that this program cannot read, as they were: set aside, so that everything else goes on.
CREATE TABLE set_aside (
    kind   TEXT NOT NULL,
    record BLOB NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
