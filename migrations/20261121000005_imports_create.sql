-- Files on their way to the roll: the file, its rows as they were read, the plan made of them, and the log.

CREATE TABLE imports (
    id uuid CONSTRAINT imports_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    file_name text NOT NULL,
    -- 'staged': read, columns to be matched; 'planned': simulated; 'committed'; 'discarded'.
    state text NOT NULL CONSTRAINT imports_state_check CHECK (state IN ('staged', 'planned', 'committed', 'discarded')),
    -- The header row as it was read, and which column means which field.
    columns jsonb NOT NULL,
    mapping jsonb NOT NULL,
    row_count integer NOT NULL,
    plan_hash bytea,
    -- Rows by outcome, once simulated.
    counts jsonb,
    created_by uuid,
    created_at timestamptz NOT NULL,
    committed_by uuid,
    committed_at timestamptz,
    CONSTRAINT imports_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
CREATE INDEX imports_school_idx ON imports (school_id, created_at DESC);

CREATE TABLE import_rows (
    import_id uuid NOT NULL CONSTRAINT import_rows_import_fkey REFERENCES imports ON DELETE CASCADE,
    -- The row's number in the file, as a spreadsheet shows it.
    number integer NOT NULL,
    cells jsonb NOT NULL,
    outcome text,
    code text,
    message text,
    -- The admission number, as far as it could be read.
    key text,
    CONSTRAINT import_rows_pkey PRIMARY KEY (import_id, number)
);
