-- What a channel is still to be told by its folder for answers: what became of problem orders that head office has mended or
-- dismissed. Written in the transaction that settles the problem, let go when it lies in the folder.
CREATE TABLE channel_answer (
    channel  TEXT NOT NULL REFERENCES channel (channel) ON DELETE CASCADE,
    -- Of the file it becomes.
    name     TEXT NOT NULL,
    document BLOB NOT NULL,
    made_at  INTEGER NOT NULL,
    PRIMARY KEY (channel, name)
) WITHOUT ROWID;
