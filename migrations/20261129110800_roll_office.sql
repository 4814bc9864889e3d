-- How families reach the office: on every page and message that tells them to contact it. A school without its own has the
-- organisation's.
ALTER TABLE organisations
    ADD COLUMN office_phone text CONSTRAINT organisations_office_phone_check CHECK (office_phone <> ''),
    ADD COLUMN office_email text CONSTRAINT organisations_office_email_check CHECK (office_email <> '');
ALTER TABLE schools
    ADD COLUMN office_phone text CONSTRAINT schools_office_phone_check CHECK (office_phone <> ''),
    ADD COLUMN office_email text CONSTRAINT schools_office_email_check CHECK (office_email <> '');

-- The school that a person belongs to, at most one: by a role for it, by work, or by enrolment, the latest first.
CREATE FUNCTION school_of(organisation uuid, person uuid) RETURNS SETOF schools LANGUAGE sql STABLE AS $$
    SELECT s.*
    FROM (SELECT r.school_id, 1 AS rank, r.starts_on FROM staff_roles r
          WHERE r.organisation_id = organisation AND r.person_id = person AND r.school_id IS NOT NULL
          UNION ALL
          SELECT w.school_id, 2, w.starts_on FROM employments w WHERE w.organisation_id = organisation AND w.person_id = person
          UNION ALL
          SELECT e.school_id, 3, e.starts_on FROM enrolments e
          WHERE e.organisation_id = organisation AND e.person_id = person AND e.latest) belongs
    JOIN schools s ON s.organisation_id = organisation AND s.id = belongs.school_id
    ORDER BY belongs.rank, belongs.starts_on DESC NULLS LAST, s.created_at, s.id LIMIT 1
$$;
