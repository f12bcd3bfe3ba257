-- Each index holds all that its question reads, so that the planner takes it: without that it preferred the rows of the
-- whole store by the front of their key, and every entry that came was compared with all before it.
DROP INDEX entry_place;
CREATE INDEX entry_place ON entry (store, workstation, run, sequence, hash);
DROP INDEX entry_previous;
CREATE INDEX entry_previous ON entry (store, workstation, previous_hash, received_at);
DROP INDEX quarantine_place;
CREATE INDEX quarantine_place ON quarantine (store, workstation, run, sequence, hash);
