-- What columns mean in the files of each sender: a file is recognised by the names of its columns. Until now, only the last
-- file of a kind was remembered.
CREATE TABLE import_senders (
    id uuid CONSTRAINT import_senders_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    kind text NOT NULL,
    -- What the office calls it: at first the name of its first file.
    name text NOT NULL,
    -- The names of the columns of its latest file, and which field each is.
    columns jsonb NOT NULL,
    mapping jsonb NOT NULL,
    used_at timestamptz NOT NULL,
    CONSTRAINT import_senders_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
CREATE INDEX import_senders_school_idx ON import_senders (school_id, kind, used_at DESC);
SELECT guard_table('import_senders');

INSERT INTO import_senders (id, organisation_id, school_id, kind, name, columns, mapping, used_at)
SELECT DISTINCT ON (school_id, kind) id, organisation_id, school_id, kind, file_name, columns, mapping, created_at
FROM imports WHERE state IN ('committed', 'undone') ORDER BY school_id, kind, created_at DESC, id DESC;
