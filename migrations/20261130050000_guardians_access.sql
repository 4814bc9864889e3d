-- What a restriction did when it came into force, who looked at a child, and the day on which rights pass to a student.

ALTER TABLE access_restrictions
    -- When sessions, invitations, codes and messages were ended for it; null until its first day.
    ADD COLUMN acted_at timestamptz,
    -- domain::guardians::restriction::RestrictionEffects
    ADD COLUMN effects jsonb;
CREATE INDEX access_restrictions_due_idx ON access_restrictions (organisation_id, starts_on)
    WHERE acted_at IS NULL AND lifted_at IS NULL;
CREATE INDEX access_restrictions_review_idx ON access_restrictions (organisation_id, review_on)
    WHERE review_on IS NOT NULL AND lifted_at IS NULL;

-- That an adult looked at a child's portal, at most one row a day.
CREATE TABLE child_views (
    organisation_id uuid NOT NULL,
    adult_id uuid NOT NULL,
    child_id uuid NOT NULL,
    day date NOT NULL,
    CONSTRAINT child_views_pkey PRIMARY KEY (child_id, adult_id, day),
    CONSTRAINT child_views_adult_fkey FOREIGN KEY (organisation_id, adult_id) REFERENCES people (organisation_id, id),
    CONSTRAINT child_views_child_fkey FOREIGN KEY (organisation_id, child_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX child_views_adult_idx ON child_views (adult_id);
CREATE INDEX child_views_day_idx ON child_views (day);
SELECT guard_table('child_views');

-- A student who comes of age: when they were told, and when the access of guardians ended.
CREATE TABLE comings_of_age (
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL CONSTRAINT comings_of_age_pkey PRIMARY KEY,
    comes_on date NOT NULL,
    told_at timestamptz NOT NULL,
    passed_at timestamptz,
    CONSTRAINT comings_of_age_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX comings_of_age_due_idx ON comings_of_age (organisation_id, comes_on) WHERE passed_at IS NULL;
SELECT guard_table('comings_of_age');

-- What a student lets an adult keep when they come of age.
CREATE TABLE of_age_consents (
    organisation_id uuid NOT NULL,
    child_id uuid NOT NULL,
    adult_id uuid NOT NULL,
    scope text NOT NULL CONSTRAINT of_age_consents_scope_check CHECK (scope IN
        ('profile', 'timetable', 'attendance', 'grades', 'assignments', 'fees', 'messages')),
    given_at timestamptz NOT NULL,
    CONSTRAINT of_age_consents_pkey PRIMARY KEY (child_id, adult_id, scope),
    CONSTRAINT of_age_consents_child_fkey FOREIGN KEY (organisation_id, child_id) REFERENCES people (organisation_id, id),
    CONSTRAINT of_age_consents_adult_fkey FOREIGN KEY (organisation_id, adult_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX of_age_consents_adult_idx ON of_age_consents (adult_id);
SELECT guard_table('of_age_consents');

-- Whether a restriction is in force on a day for an adult and a child: as domain::authorization::grant::Restriction.
CREATE FUNCTION is_restricted(adult uuid, child uuid, today date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM access_restrictions r
                   WHERE r.child_id = child AND r.lifted_at IS NULL
                     AND daterange(r.starts_on, r.ends_on, '[]') @> today
                     AND (r.adult_id = adult OR (r.adult_id IS NULL AND NOT adult = ANY (r.except_ids))))
$$;

-- Whether restrictions close everything that somebody's account would open: they have no record and no office of their own,
-- and every child they are a contact of is closed to them.
CREATE FUNCTION closes_everything(organisation uuid, person uuid, today date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM enrolments e WHERE e.organisation_id = organisation AND e.person_id = person)
       AND NOT EXISTS (SELECT FROM staff_roles s WHERE s.organisation_id = organisation AND s.person_id = person)
       AND EXISTS (SELECT FROM contacts k
                   WHERE k.organisation_id = organisation AND k.adult_id = person AND k.ended_at IS NULL)
       AND NOT EXISTS (SELECT FROM contacts k
                       WHERE k.organisation_id = organisation AND k.adult_id = person AND k.ended_at IS NULL
                         AND NOT is_restricted(person, k.child_id, today))
$$;
