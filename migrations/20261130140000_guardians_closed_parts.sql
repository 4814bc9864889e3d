-- A restriction may close some parts of a child's portal and leave others open.

-- The parts that restrictions close to an adult on a day: as domain::authorization::grant::Restriction.
CREATE FUNCTION closed_parts(adult uuid, child uuid, today date) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT part.scope ORDER BY part.scope), '{}')
    FROM access_restrictions r CROSS JOIN LATERAL unnest(r.scopes) AS part (scope)
    WHERE r.child_id = child AND r.lifted_at IS NULL
      AND daterange(r.starts_on, r.ends_on, '[]') @> today
      AND (r.adult_id = adult OR (r.adult_id IS NULL AND NOT adult = ANY (r.except_ids)))
$$;

-- The children that an adult's account opens on a day, or will open later: those that messages name. Without the profile,
-- families see nothing of a child.
CREATE FUNCTION opened_children(organisation uuid, adult uuid, today date) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT DISTINCT g.child_id FROM access_grants g
    WHERE g.organisation_id = organisation AND g.adult_id = adult AND g.stopped_at IS NULL AND g.scope = 'profile'
      AND (g.ends_on IS NULL OR g.ends_on >= today)
      AND NOT 'profile' = ANY (closed_parts(adult, g.child_id, today))
$$;

-- As before, but a child of whom only some parts are closed still opens.
CREATE OR REPLACE FUNCTION closes_everything(organisation uuid, person uuid, today date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM enrolments e WHERE e.organisation_id = organisation AND e.person_id = person)
       AND NOT EXISTS (SELECT FROM staff_roles s WHERE s.organisation_id = organisation AND s.person_id = person)
       AND EXISTS (SELECT FROM contacts k
                   WHERE k.organisation_id = organisation AND k.adult_id = person AND k.ended_at IS NULL)
       AND NOT EXISTS (SELECT FROM contacts k
                       WHERE k.organisation_id = organisation AND k.adult_id = person AND k.ended_at IS NULL
                         AND NOT 'profile' = ANY (closed_parts(person, k.child_id, today)))
$$;
