-- Records of guardians: which school's office entered an adult who has no child yet, and why a contact ended.

ALTER TABLE people
    -- The school whose office entered this adult, so that it finds them before they have a child there.
    ADD COLUMN added_at_school uuid,
    ADD CONSTRAINT people_added_at_school_fkey FOREIGN KEY (organisation_id, added_at_school)
        REFERENCES schools (organisation_id, id);
CREATE INDEX people_added_at_school_idx ON people (added_at_school) WHERE added_at_school IS NOT NULL;

ALTER TABLE contacts
    -- domain::guardians::ending: what the office chose when it ended the contact; empty for other endings.
    ADD COLUMN ended_reason text NOT NULL DEFAULT ''
        CONSTRAINT contacts_ended_reason_check CHECK (ended_reason IN ('', 'no_longer', 'mistake', 'request', 'order', 'linked'));

CREATE OR REPLACE VIEW person_schools WITH (security_invoker = true) AS
SELECT e.organisation_id, e.person_id, e.school_id FROM enrolments e WHERE e.latest
UNION
SELECT c.organisation_id, c.adult_id, e.school_id
FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest
UNION
SELECT p.organisation_id, p.id, p.added_at_school FROM people p WHERE p.added_at_school IS NOT NULL;

CREATE OR REPLACE VIEW reached_people WITH (security_invoker = true) AS
SELECT p.organisation_id, p.id AS person_id
FROM people p
WHERE p.organisation_id = (SELECT nullif(current_setting('greencap.organisation', true), '')::uuid)
  AND ((SELECT current_setting('greencap.everyone', true) = 'true')
       OR p.id = ANY ((SELECT carried_ids('greencap.people'))::uuid[])
       -- Of every time that somebody was on a school's roll, one is the latest.
       OR (SELECT current_setting('greencap.schools', true) <> '')
          AND (EXISTS (SELECT FROM enrolments e
                       WHERE e.person_id = p.id AND e.latest
                         AND e.school_id = ANY ((SELECT carried_ids('greencap.schools'))::uuid[]))
               -- Adults are reached from the schools of their children, and from the school that entered them.
               OR EXISTS (SELECT FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest
                          WHERE c.adult_id = p.id
                            AND e.school_id = ANY ((SELECT carried_ids('greencap.schools'))::uuid[]))
               OR p.added_at_school = ANY ((SELECT carried_ids('greencap.schools'))::uuid[]))
       OR p.id IN (SELECT m.person_id FROM group_members m
                   WHERE m.group_id = ANY ((SELECT carried_ids('greencap.groups'))::uuid[])
                     AND daterange(m.starts_on, m.ends_on, '[]')
                         @> (SELECT (nullif(current_setting('greencap.now', true), '')::timestamptz
                                     AT TIME ZONE o.time_zone)::date
                             FROM organisations o
                             WHERE o.id = nullif(current_setting('greencap.organisation', true), '')::uuid)));

-- Two systems often give somebody one key: the finder of probable accounts compares them.
CREATE INDEX person_keys_comparable_idx ON person_keys (organisation_id, comparable);
