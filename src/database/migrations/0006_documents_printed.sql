-- Was a slip or a report printed before? Then it comes out again only as a marked copy. Receipts, which are most of the
-- spool and count their copies with their sale, are left out.
CREATE INDEX print_job_document ON print_job (cause) WHERE substr(cause, 1, 17) <> '{"kind":"receipt"';
