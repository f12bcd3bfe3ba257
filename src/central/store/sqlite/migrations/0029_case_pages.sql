-- Conflict cases in pages, the most urgent first: the open ones, and all.
CREATE INDEX conflict_case_due ON conflict_case (due_at, case_id);
CREATE INDEX conflict_case_due_open ON conflict_case (due_at, case_id) WHERE closed_at IS NULL;
