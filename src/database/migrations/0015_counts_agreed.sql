-- Who agreed to the count that a session was closed with, when somebody had to.
ALTER TABLE session ADD COLUMN agreed_by TEXT;
-- Whoever was to agree to a count of the drawer has seen its figures: 1. Else it was counted, or its report (X) was asked for: 0.
ALTER TABLE drawer_count ADD COLUMN agreeing INTEGER NOT NULL DEFAULT 0;
