-- A guardian's school is the one of a child of theirs: its office is who they ask, and its rules are for their password.
CREATE OR REPLACE FUNCTION school_of(organisation uuid, person uuid) RETURNS SETOF schools LANGUAGE sql STABLE AS $$
    SELECT s.*
    FROM (SELECT r.school_id, 1 AS rank, r.starts_on FROM staff_roles r
          WHERE r.organisation_id = organisation AND r.person_id = person AND r.school_id IS NOT NULL
          UNION ALL
          SELECT w.school_id, 2, w.starts_on FROM employments w WHERE w.organisation_id = organisation AND w.person_id = person
          UNION ALL
          SELECT e.school_id, 3, e.starts_on FROM enrolments e
          WHERE e.organisation_id = organisation AND e.person_id = person AND e.latest
          UNION ALL
          SELECT e.school_id, 4, e.starts_on
          FROM contacts c JOIN enrolments e ON e.organisation_id = c.organisation_id AND e.person_id = c.child_id AND e.latest
          WHERE c.organisation_id = organisation AND c.adult_id = person AND c.ended_at IS NULL) belongs
    JOIN schools s ON s.organisation_id = organisation AND s.id = belongs.school_id
    ORDER BY belongs.rank, belongs.starts_on DESC NULLS LAST, s.created_at, s.id LIMIT 1
$$;
