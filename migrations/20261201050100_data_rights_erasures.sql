-- The log of what was erased: that it happened, of whom by their username, and how many rows of each table.

CREATE TABLE erasures (
    id uuid CONSTRAINT erasures_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    -- Theirs for good; empty if they never had an account.
    username text NOT NULL,
    erased_at timestamptz NOT NULL,
    -- The account of the person who asked; null for the command line.
    erased_by uuid,
    -- Rows that were deleted or emptied, by table.
    counts jsonb NOT NULL,
    CONSTRAINT erasures_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT erasures_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX erasures_school_idx ON erasures (school_id, erased_at DESC, id DESC);
CREATE INDEX erasures_person_idx ON erasures (person_id);
SELECT guard_table('erasures');
