-- Taking an import back: what it wrote, row by row, as it was before and as the import left it. Kept as long as the log.

CREATE TABLE import_writes (
    organisation_id uuid NOT NULL,
    import_id uuid NOT NULL CONSTRAINT import_writes_import_fkey REFERENCES imports ON DELETE CASCADE,
    kind text NOT NULL CONSTRAINT import_writes_kind_check CHECK (kind IN ('person', 'enrolment', 'address')),
    -- The row of that table, and whose it is.
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    -- Null: the import made the row.
    before jsonb,
    after jsonb NOT NULL,
    CONSTRAINT import_writes_pkey PRIMARY KEY (import_id, kind, id)
);

ALTER TABLE imports
    ADD COLUMN undone_by uuid,
    ADD COLUMN undone_at timestamptz,
    DROP CONSTRAINT imports_state_check,
    ADD CONSTRAINT imports_state_check CHECK (state IN ('staged', 'planned', 'committed', 'discarded', 'undone'));
