-- Codes on paper are a way in too: who has one is on the way, and who has an account and no email address needs one.
-- Until a new school's rows are analyzed, PostgreSQL takes each step for one row and would join them in nested loops: minutes
-- for a thousand students. Without those it hashes, which is not slower with statistics.
-- How far each adult of each current student of a school who is not of age is on the way to an account that is in use: the place of the reason
-- in domain::guardians::coverage::MissingReason::ALL, 14 for an active account that may see the student. A student without any
-- adult has one row with step 0 and no adult. `guardians` are the relationships that can be guardians.
CREATE OR REPLACE FUNCTION guardian_steps(organisation uuid, school uuid, today date, now_at timestamptz, guardians text[])
    RETURNS TABLE (child_id uuid, step integer, adult_id uuid, account_id uuid) LANGUAGE sql STABLE
    SET enable_nestloop = off AS $$
    WITH students AS MATERIALIZED (
        SELECT e.person_id FROM enrolments e
        WHERE e.organisation_id = organisation AND e.school_id = school AND e.latest
          AND roll_status_on(today, e.starts_on, e.ends_on) = 'current'
          -- A student whose rights have passed to them needs no adult.
          AND NOT EXISTS (SELECT FROM comings_of_age o WHERE o.person_id = e.person_id AND o.passed_at IS NOT NULL)),
    granted AS MATERIALIZED (
        SELECT DISTINCT g.child_id, g.adult_id
        FROM students s JOIN access_grants g ON g.child_id = s.person_id
        WHERE g.organisation_id = organisation AND g.scope = 'profile' AND g.stopped_at IS NULL
          AND daterange(g.starts_on, g.ends_on, '[]') @> today),
    pairs AS (
        -- Who was given access by hand is a guardian, whatever their relationship.
        SELECT near.child_id, near.adult_id, bool_or(near.guardian) AS guardian, bool_or(near.given) AS given
        FROM (SELECT c.child_id, c.adult_id, c.relationship = ANY (guardians) AND NOT c.no_portal AS guardian, false AS given
              FROM students s JOIN contacts c ON c.child_id = s.person_id
              WHERE c.organisation_id = organisation AND c.ended_at IS NULL
                AND daterange(c.starts_on, c.ends_on, '[]') @> today
              UNION ALL
              SELECT g.child_id, g.adult_id, true, true FROM granted g) near
        GROUP BY near.child_id, near.adult_id),
    closed AS MATERIALIZED (
        SELECT r.child_id, r.adult_id, r.except_ids
        FROM students s JOIN access_restrictions r ON r.child_id = s.person_id
        WHERE r.organisation_id = organisation AND r.lifted_at IS NULL AND 'profile' = ANY (r.scopes)
          AND daterange(r.starts_on, r.ends_on, '[]') @> today)
    SELECT s.person_id,
           CASE WHEN q.adult_id IS NULL THEN 0
                WHEN EXISTS (SELECT FROM closed r
                             WHERE r.child_id = q.child_id
                               AND (r.adult_id = q.adult_id OR r.adult_id IS NULL AND q.adult_id <> ALL (r.except_ids))) THEN 2
                WHEN NOT q.guardian THEN 1
                WHEN a.id IS NULL OR a.state = 'closed' THEN CASE WHEN q.reachable THEN 4 ELSE 3 END
                WHEN a.state IN ('active', 'locked') AND q.given THEN 14
                WHEN NOT q.given THEN 5
                WHEN a.state = 'suspended' THEN 6
                -- Without an email address, only a code on paper leads in: one that still works, or none.
                WHEN NOT q.mailed THEN
                    CASE WHEN i.channel = 'paper' AND i.revoked_at IS NULL AND i.expires_at > now_at THEN 11 ELSE 7 END
                -- An invitation to an address that was corrected since is none.
                WHEN i.id IS NULL OR i.revoked_for = 'address' THEN 8
                WHEN i.revoked_at IS NOT NULL THEN 10
                WHEN m.state IN ('bounced', 'failed') THEN 9
                WHEN i.expires_at <= now_at THEN 10
                WHEN i.opened_at IS NOT NULL THEN 13
                WHEN i.channel = 'paper' THEN 11
                ELSE 12 END,
           q.adult_id, a.id
    FROM students s
    LEFT JOIN (SELECT p.child_id, p.adult_id, p.guardian, p.given,
                      EXISTS (SELECT FROM addresses d WHERE d.person_id = p.adult_id) AS reachable,
                      EXISTS (SELECT FROM addresses d WHERE d.person_id = p.adult_id AND d.kind = 'email') AS mailed
               FROM pairs p) q ON q.child_id = s.person_id
    LEFT JOIN accounts a ON a.organisation_id = organisation AND a.person_id = q.adult_id
    LEFT JOIN invitations i ON i.account_id = a.id AND i.current
    LEFT JOIN messages m ON m.id = i.id
$$;
