-- Deleting people asks for their keys with both columns of the reference. With one index on each column, and before there
-- are statistics of a table that an import has just filled, PostgreSQL reads all keys of the organisation for each person.
DROP INDEX person_keys_person_idx;
CREATE INDEX person_keys_person_idx ON person_keys (organisation_id, person_id);
