-- A merged record is kept, and the log says what happened to it: the record of who stayed shows that too.

-- Everyone who turned out to be a person, and the person. An undo of the merge takes it back by itself.
CREATE FUNCTION one_person(organisation uuid, person uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE records AS (
        SELECT person AS id
        UNION
        SELECT p.id FROM records r JOIN people p ON p.organisation_id = organisation AND p.merged_into = r.id)
    SELECT id FROM records
$$;

-- The adults whom an office may compare: those it sees, and the colleagues of its schools, of whom one may be a parent too. Hidden
-- people stay hidden. For IN alone: somebody can be there twice.
CREATE VIEW known_adults WITH (security_invoker = true) AS
SELECT v.organisation_id, v.person_id FROM visible_people v
UNION ALL
SELECT e.organisation_id, e.person_id FROM employments e
WHERE e.organisation_id = (SELECT nullif(current_setting('greencap.organisation', true), '')::uuid)
  AND (SELECT current_setting('greencap.schools', true) <> '')
  AND e.school_id = ANY ((SELECT carried_ids('greencap.schools'))::uuid[])
  AND e.person_id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[]);
GRANT SELECT ON known_adults TO greencap_app, greencap_system;
