-- An import of 100,000 students writes 300,000 rows into its undo log, each of which was checked against the import and put
-- into a unique index by a key that nothing looks up: a third of the time that it took. An undo reads all rows of one import.
-- What an import wrote goes with it.
ALTER TABLE import_writes DROP CONSTRAINT import_writes_import_fkey, DROP CONSTRAINT import_writes_pkey;
CREATE INDEX import_writes_import_idx ON import_writes (import_id);

CREATE FUNCTION delete_import_writes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM import_writes w USING changed c WHERE w.organisation_id = c.organisation_id AND w.import_id = c.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER imports_writes_delete AFTER DELETE ON imports REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION delete_import_writes();
