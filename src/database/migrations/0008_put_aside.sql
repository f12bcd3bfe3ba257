-- How many entries central has put aside as not understood: it says so once, when it takes them.
CREATE TABLE put_aside (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    entries  INTEGER NOT NULL CHECK (entries >= 0)
) STRICT;
