-- A merged record is kept, and the log says what happened to it: the record of who stayed shows that too.

-- Everyone who turned out to be a person, and the person. An undo of the merge takes it back by itself.
CREATE FUNCTION one_person(organisation uuid, person uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE records AS (
        SELECT person AS id
        UNION
        SELECT p.id FROM records r JOIN people p ON p.organisation_id = organisation AND p.merged_into = r.id)
    SELECT id FROM records
$$;
