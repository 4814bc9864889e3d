-- A role for a group gives nothing while the group is closed: its tutors see it again when it is opened.

CREATE OR REPLACE VIEW person_scopes WITH (security_invoker = true) AS
SELECT p.organisation_id, p.id AS person_id,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'role', r.role, 'custom', k.permissions, 'school', r.school_id, 'group_id', r.group_id,
                     'starts_on', r.starts_on, 'ends_on', r.ends_on))
                 FROM staff_roles r LEFT JOIN custom_roles k ON k.id = r.custom_role_id
                 WHERE r.person_id = p.id AND r.organisation_id = p.organisation_id
                   AND NOT EXISTS (SELECT FROM groups t WHERE t.id = r.group_id AND t.closed_at IS NOT NULL)), '[]') AS roles,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'child', g.child_id, 'scope', g.scope, 'ground', g.ground,
                     'starts_on', g.starts_on, 'ends_on', g.ends_on))
                 FROM access_grants g
                 WHERE g.adult_id = p.id AND g.organisation_id = p.organisation_id AND g.stopped_at IS NULL), '[]') AS grants,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'child', c.child_id, 'scopes', c.scopes, 'starts_on', c.starts_on, 'ends_on', c.ends_on))
                 FROM (SELECT r.child_id, r.scopes, r.starts_on, r.ends_on FROM access_restrictions r
                       WHERE r.adult_id = p.id AND r.organisation_id = p.organisation_id AND r.lifted_at IS NULL
                       UNION ALL
                       SELECT r.child_id, r.scopes, r.starts_on, r.ends_on
                       FROM (SELECT DISTINCT g.child_id FROM access_grants g
                             WHERE g.adult_id = p.id AND g.organisation_id = p.organisation_id AND g.stopped_at IS NULL) granted
                       JOIN access_restrictions r ON r.child_id = granted.child_id
                       WHERE r.adult_id IS NULL AND r.lifted_at IS NULL AND NOT p.id = ANY (r.except_ids)) c), '[]') AS restrictions
FROM people p;
