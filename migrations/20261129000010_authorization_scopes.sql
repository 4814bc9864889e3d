-- Whom somebody reaches, beside schools: groups (a role may hold for one), children granted to guardians, and
-- restrictions, which override both. One relation of the people an actor may see, for every list.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Teaching groups and registration groups, as places that a role can reach.
CREATE TABLE groups (
    id uuid CONSTRAINT groups_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT groups_kind_check CHECK (kind IN ('teaching', 'registration')),
    code text NOT NULL CONSTRAINT groups_code_check CHECK (code <> ''),
    name text NOT NULL CONSTRAINT groups_name_check CHECK (name <> ''),
    created_at timestamptz NOT NULL,
    CONSTRAINT groups_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT groups_organisation_id_key UNIQUE (organisation_id, id),
    -- What hangs on a group and on a school hangs on the group's own school.
    CONSTRAINT groups_school_id_key UNIQUE (organisation_id, school_id, id),
    CONSTRAINT groups_code_key UNIQUE (school_id, kind, code)
);
SELECT guard_table('groups');

-- Ended, never deleted; both days belong to it, and a null last day is open.
CREATE TABLE group_members (
    id uuid CONSTRAINT group_members_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id uuid NOT NULL,
    person_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    created_at timestamptz NOT NULL,
    CONSTRAINT group_members_days_check CHECK (ends_on >= starts_on),
    CONSTRAINT group_members_group_fkey FOREIGN KEY (organisation_id, group_id) REFERENCES groups (organisation_id, id),
    CONSTRAINT group_members_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id),
    CONSTRAINT group_members_once_excl EXCLUDE USING gist
        (group_id WITH =, person_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
);
CREATE INDEX group_members_person_idx ON group_members (person_id);
CREATE INDEX group_members_group_idx ON group_members (group_id);
SELECT guard_table('group_members');

ALTER TABLE staff_roles
    -- Beside the school that the group is of; null: all of the school, or all schools.
    ADD COLUMN group_id uuid,
    ADD CONSTRAINT staff_roles_place_check CHECK (group_id IS NULL OR school_id IS NOT NULL),
    ADD CONSTRAINT staff_roles_group_fkey FOREIGN KEY (organisation_id, school_id, group_id)
        REFERENCES groups (organisation_id, school_id, id),
    DROP CONSTRAINT staff_roles_role_key,
    ADD CONSTRAINT staff_roles_role_key UNIQUE NULLS NOT DISTINCT (person_id, school_id, group_id, role, custom_role_id);
CREATE INDEX staff_roles_group_idx ON staff_roles (group_id) WHERE group_id IS NOT NULL;

-- One part of one child's portal for one adult. domain::authorization::grant
CREATE TABLE access_grants (
    id uuid CONSTRAINT access_grants_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    adult_id uuid NOT NULL,
    child_id uuid NOT NULL,
    scope text NOT NULL CONSTRAINT access_grants_scope_check CHECK (scope IN
        ('profile', 'timetable', 'attendance', 'grades', 'assignments', 'fees', 'contacts', 'messages')),
    ground text NOT NULL CONSTRAINT access_grants_ground_check CHECK (ground IN
        ('parental_responsibility', 'relation', 'consent', 'order')),
    starts_on date NOT NULL,
    ends_on date,
    given_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT access_grants_days_check CHECK (ends_on >= starts_on),
    CONSTRAINT access_grants_other_check CHECK (adult_id <> child_id),
    CONSTRAINT access_grants_adult_fkey FOREIGN KEY (organisation_id, adult_id) REFERENCES people (organisation_id, id),
    CONSTRAINT access_grants_child_fkey FOREIGN KEY (organisation_id, child_id) REFERENCES people (organisation_id, id),
    CONSTRAINT access_grants_once_excl EXCLUDE USING gist
        (adult_id WITH =, child_id WITH =, scope WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
);
CREATE INDEX access_grants_adult_idx ON access_grants (adult_id);
CREATE INDEX access_grants_child_idx ON access_grants (child_id);
SELECT guard_table('access_grants');

-- What an adult may not see of a child, whatever roles and grants say. Without an adult it is about every adult to whom the
-- child is granted, but those in `except_ids`.
CREATE TABLE access_restrictions (
    id uuid CONSTRAINT access_restrictions_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    child_id uuid NOT NULL,
    adult_id uuid,
    except_ids uuid[] NOT NULL DEFAULT '{}',
    scopes text[] NOT NULL CONSTRAINT access_restrictions_scopes_check CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY
        ['profile', 'timetable', 'attendance', 'grades', 'assignments', 'fees', 'contacts', 'messages']),
    -- Where the office keeps the order, such as a case number.
    reference text NOT NULL DEFAULT '',
    starts_on date NOT NULL,
    ends_on date,
    review_on date,
    made_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT access_restrictions_days_check CHECK (ends_on >= starts_on),
    CONSTRAINT access_restrictions_other_check CHECK (adult_id <> child_id),
    CONSTRAINT access_restrictions_except_check CHECK (adult_id IS NULL OR except_ids = '{}'),
    CONSTRAINT access_restrictions_adult_fkey FOREIGN KEY (organisation_id, adult_id) REFERENCES people (organisation_id, id),
    CONSTRAINT access_restrictions_child_fkey FOREIGN KEY (organisation_id, child_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX access_restrictions_adult_idx ON access_restrictions (adult_id) WHERE adult_id IS NOT NULL;
CREATE INDEX access_restrictions_child_idx ON access_restrictions (child_id);
SELECT guard_table('access_restrictions');

-- What a person may do, as backend::authorization::scopes reads it: roles, grants and restrictions, with their days.
CREATE VIEW person_scopes WITH (security_invoker = true) AS
SELECT p.organisation_id, p.id AS person_id,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'role', r.role, 'custom', k.permissions, 'school', r.school_id, 'group_id', r.group_id,
                     'starts_on', r.starts_on, 'ends_on', r.ends_on))
                 FROM staff_roles r LEFT JOIN custom_roles k ON k.id = r.custom_role_id
                 WHERE r.person_id = p.id AND r.organisation_id = p.organisation_id), '[]') AS roles,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'child', g.child_id, 'scope', g.scope, 'ground', g.ground,
                     'starts_on', g.starts_on, 'ends_on', g.ends_on))
                 FROM access_grants g
                 WHERE g.adult_id = p.id AND g.organisation_id = p.organisation_id), '[]') AS grants,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'child', c.child_id, 'scopes', c.scopes, 'starts_on', c.starts_on, 'ends_on', c.ends_on))
                 FROM (SELECT r.child_id, r.scopes, r.starts_on, r.ends_on FROM access_restrictions r
                       WHERE r.adult_id = p.id AND r.organisation_id = p.organisation_id
                       UNION ALL
                       SELECT r.child_id, r.scopes, r.starts_on, r.ends_on
                       FROM (SELECT DISTINCT g.child_id FROM access_grants g
                             WHERE g.adult_id = p.id AND g.organisation_id = p.organisation_id) granted
                       JOIN access_restrictions r ON r.child_id = granted.child_id
                       WHERE r.adult_id IS NULL AND NOT p.id = ANY (r.except_ids)) c), '[]') AS restrictions
FROM people p;
GRANT SELECT ON person_scopes TO greencap_app, greencap_system;

-- A list of identifiers that the transaction carries; nothing where it carries none.
CREATE FUNCTION carried_ids(setting text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_to_array(nullif(current_setting(setting, true), ''), ',')::uuid[], '{}')
$$;

-- The people whom the actor of this transaction may do to what it was entered for: domain::authorization::visible, as
-- backend::authorization::enter puts it into the settings of the transaction. Without settings it is nobody. Each setting
-- is read once for a statement, in a subquery of its own.
CREATE VIEW visible_people WITH (security_invoker = true) AS
SELECT p.organisation_id, p.id AS person_id
FROM people p
WHERE p.organisation_id = (SELECT nullif(current_setting('greencap.organisation', true), '')::uuid)
  AND p.id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[])
  AND ((SELECT current_setting('greencap.everyone', true) = 'true')
       OR p.id = ANY ((SELECT carried_ids('greencap.people'))::uuid[])
       -- Of every time that somebody was on a school's roll, one is the latest.
       OR EXISTS (SELECT FROM enrolments e
                  WHERE e.person_id = p.id AND e.latest
                    AND e.school_id = ANY ((SELECT carried_ids('greencap.schools'))::uuid[]))
       OR EXISTS (SELECT FROM group_members m
                  WHERE m.person_id = p.id AND m.group_id = ANY ((SELECT carried_ids('greencap.groups'))::uuid[])
                    AND daterange(m.starts_on, m.ends_on, '[]')
                        @> (SELECT (nullif(current_setting('greencap.now', true), '')::timestamptz
                                    AT TIME ZONE o.time_zone)::date
                            FROM organisations o
                            WHERE o.id = nullif(current_setting('greencap.organisation', true), '')::uuid)));
GRANT SELECT ON visible_people TO greencap_app, greencap_system;

-- Whether everybody of a school is in the view, so that a statement over a whole school asks for nobody one by one:
-- domain::authorization::visible::VisiblePeople::has_all_of.
CREATE FUNCTION sees_whole_school(school uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT carried_ids('greencap.hidden') = '{}'
       AND (current_setting('greencap.everyone', true) = 'true' OR school = ANY (carried_ids('greencap.schools')))
$$;
