-- Those of visible_people beside those whom a restriction hides: what a selection tells apart. Members of groups are looked up
-- once for a statement, not once for each person of the organisation.

CREATE VIEW reached_people WITH (security_invoker = true) AS
SELECT p.organisation_id, p.id AS person_id
FROM people p
WHERE p.organisation_id = (SELECT nullif(current_setting('greencap.organisation', true), '')::uuid)
  AND ((SELECT current_setting('greencap.everyone', true) = 'true')
       OR p.id = ANY ((SELECT carried_ids('greencap.people'))::uuid[])
       -- Of every time that somebody was on a school's roll, one is the latest.
       OR (SELECT current_setting('greencap.schools', true) <> '')
          AND EXISTS (SELECT FROM enrolments e
                      WHERE e.person_id = p.id AND e.latest
                        AND e.school_id = ANY ((SELECT carried_ids('greencap.schools'))::uuid[]))
       OR p.id IN (SELECT m.person_id FROM group_members m
                   WHERE m.group_id = ANY ((SELECT carried_ids('greencap.groups'))::uuid[])
                     AND daterange(m.starts_on, m.ends_on, '[]')
                         @> (SELECT (nullif(current_setting('greencap.now', true), '')::timestamptz
                                     AT TIME ZONE o.time_zone)::date
                             FROM organisations o
                             WHERE o.id = nullif(current_setting('greencap.organisation', true), '')::uuid)));
GRANT SELECT ON reached_people TO greencap_app, greencap_system;

CREATE OR REPLACE VIEW visible_people WITH (security_invoker = true) AS
SELECT r.organisation_id, r.person_id
FROM reached_people r
WHERE r.person_id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[]);

-- Statements over a whole school are told in a parameter: backend::tenancy::places::SchoolContext::everybody.
DROP FUNCTION sees_whole_school;
