-- Imports of any kind: what a file is a list of; its rows in parts, since one row of the database for each row of a file
-- cost more than reading it; and the log as codes with parameters, which pages put into words.

-- The word of a kind: domain::rooms::IMPORTS.
ALTER TABLE imports ADD COLUMN kind text NOT NULL DEFAULT 'students';
DROP INDEX imports_school_idx;
CREATE INDEX imports_school_idx ON imports (school_id, kind, created_at DESC);

CREATE TABLE import_parts (
    organisation_id uuid NOT NULL,
    import_id uuid NOT NULL,
    -- The numbers of its first and last row in the file, as a spreadsheet shows them.
    first_row integer NOT NULL,
    last_row integer NOT NULL,
    -- JSON: [[number, [cell, …]], …].
    rows text NOT NULL,
    -- JSON, once simulated: a domain::imports::views::RowLine for each row, null for one that has nothing to say.
    log text,
    -- What becomes of its rows, once simulated: the log of one outcome passes over parts without it.
    outcomes text[] NOT NULL DEFAULT '{}',
    CONSTRAINT import_parts_pkey PRIMARY KEY (import_id, first_row),
    CONSTRAINT import_parts_import_fkey FOREIGN KEY (organisation_id, import_id)
        REFERENCES imports (organisation_id, id) ON DELETE CASCADE
);
-- Compressing costs more time than writing what it saves, and they are gone in 30 days.
ALTER TABLE import_parts ALTER rows SET STORAGE EXTERNAL, ALTER log SET STORAGE EXTERNAL;
SELECT guard_table('import_parts');

INSERT INTO import_parts (organisation_id, import_id, first_row, last_row, rows, log, outcomes)
SELECT organisation_id, import_id, min(number), max(number),
       json_agg(json_build_array(number, cells) ORDER BY number)::text,
       CASE WHEN bool_and(outcome IS NOT NULL) THEN
           json_agg(json_build_object('outcome', outcome, 'code', code, 'notes', json_build_array(
               json_build_object('code', 'written', 'with', json_build_object('text', message)))) ORDER BY number)::text
       END,
       coalesce(array_agg(DISTINCT outcome) FILTER (WHERE outcome IS NOT NULL), '{}')
FROM import_rows GROUP BY organisation_id, import_id, number / 1000;
DROP TABLE import_rows;
