-- What the office has decided about rows that an import holds back (domain::imports::held).
CREATE TABLE import_choices (
    organisation_id uuid NOT NULL,
    import_id uuid NOT NULL,
    -- The row's number in the file, as a spreadsheet shows it.
    row_number integer NOT NULL,
    -- A row can need two decisions: whom it is about, and where the account's messages go.
    of_address boolean NOT NULL,
    -- domain::imports::held::{HeldReason, ChoiceKind}.
    reason text NOT NULL,
    choice text NOT NULL,
    -- The person it names. No reference: it is checked against the people that the row may be about.
    person_id uuid,
    CONSTRAINT import_choices_pkey PRIMARY KEY (import_id, row_number, of_address),
    CONSTRAINT import_choices_import_fkey FOREIGN KEY (organisation_id, import_id)
        REFERENCES imports (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('import_choices');

-- What the file as a whole says (domain::imports::plan::FileFindings), once simulated.
ALTER TABLE imports ADD COLUMN findings jsonb;
