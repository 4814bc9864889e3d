-- What the office has corrected in the rows of a file (domain::imports::mend). The file's own cells stay as they are.
CREATE TABLE import_corrections (
    organisation_id uuid NOT NULL,
    import_id uuid NOT NULL,
    -- The row's number in the file, as a spreadsheet shows it.
    row_number integer NOT NULL,
    -- The column's index in the file, from 0.
    column_index integer NOT NULL,
    value text NOT NULL,
    -- Whether the whole row was looked at as fields: only then is a row read that the file has in pieces.
    of_whole_row boolean NOT NULL,
    corrected_by uuid,
    corrected_at timestamptz NOT NULL,
    CONSTRAINT import_corrections_pkey PRIMARY KEY (import_id, row_number, column_index),
    CONSTRAINT import_corrections_import_fkey FOREIGN KEY (organisation_id, import_id)
        REFERENCES imports (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('import_corrections');
