-- Before a form continues, its owner is shown what it says and where it came from. The values of these fields, which are
-- passwords and codes, are not shown. A form that waits for a step-up has a page now too, if that is known; it is still
-- sent unchanged.
ALTER TABLE interrupted_forms ADD COLUMN secrets text[] NOT NULL DEFAULT '{}';
