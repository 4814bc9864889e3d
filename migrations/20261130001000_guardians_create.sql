-- Contacts, which say who an adult is to a child, and what becomes of access: a grant or restriction ends at an instant and
-- stays as a record.

ALTER TABLE people
    -- An authority or home that is the guardian of looked-after children. Its name is in family_name.
    ADD COLUMN is_organisation boolean NOT NULL DEFAULT false,
    -- Mr, Dr: how letters address them.
    ADD COLUMN title text NOT NULL DEFAULT '',
    -- The person this one turned out to be. A merged row is kept, so that imports and links still find the survivor.
    ADD COLUMN merged_into uuid,
    ADD CONSTRAINT people_merged_into_fkey FOREIGN KEY (organisation_id, merged_into) REFERENCES people (organisation_id, id),
    ADD CONSTRAINT people_merged_into_check CHECK (merged_into <> id);
CREATE INDEX people_merged_into_idx ON people (merged_into) WHERE merged_into IS NOT NULL;

-- Who an adult is to a child: domain::guardians::contact. A relationship opens nothing by itself; access_grants do.
CREATE TABLE contacts (
    id uuid CONSTRAINT contacts_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    adult_id uuid NOT NULL,
    child_id uuid NOT NULL,
    -- domain::guardians::relationship
    relationship text NOT NULL CONSTRAINT contacts_relationship_check CHECK (relationship <> ''),
    -- What a file or a person wrote, if it says more.
    relationship_said text NOT NULL DEFAULT '',
    -- What else they do for the child: 'emergency', 'pickup', 'payer'.
    functions text[] NOT NULL DEFAULT '{}' CONSTRAINT contacts_functions_check
        CHECK (functions <@ ARRAY['emergency', 'pickup', 'payer']),
    priority smallint CONSTRAINT contacts_priority_check CHECK (priority BETWEEN 1 AND 99),
    -- Null: nobody has said.
    parental_responsibility boolean,
    lives_with boolean,
    -- "No portal": never gets access by a bulk action.
    no_portal boolean NOT NULL DEFAULT false,
    -- The days are those of the relationship; a null last day is open.
    starts_on date NOT NULL,
    ends_on date,
    -- Ended by the office, by the family or by a merge: kept, so that a file cannot bring it back unasked.
    ended_at timestamptz,
    ended_by uuid,
    ended_for text CONSTRAINT contacts_ended_for_check CHECK (ended_for IN ('office', 'not_my_child', 'import', 'merge', 'undo')),
    -- Fields changed by hand, which a file does not overwrite unless asked.
    kept_fields text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT contacts_other_check CHECK (adult_id <> child_id),
    CONSTRAINT contacts_days_check CHECK (ends_on >= starts_on),
    CONSTRAINT contacts_ended_check CHECK ((ended_at IS NULL) = (ended_for IS NULL)),
    CONSTRAINT contacts_adult_fkey FOREIGN KEY (organisation_id, adult_id) REFERENCES people (organisation_id, id),
    CONSTRAINT contacts_child_fkey FOREIGN KEY (organisation_id, child_id) REFERENCES people (organisation_id, id)
);
CREATE UNIQUE INDEX contacts_once_key ON contacts (adult_id, child_id) WHERE ended_at IS NULL;
CREATE INDEX contacts_adult_idx ON contacts (adult_id);
CREATE INDEX contacts_child_idx ON contacts (child_id);
SELECT guard_table('contacts');

CREATE FUNCTION fingerprint(of contacts) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT hashtextextended(ROW(($1).relationship, ($1).relationship_said, ($1).functions, ($1).priority,
                                ($1).parental_responsibility, ($1).lives_with, ($1).no_portal, ($1).starts_on, ($1).ends_on,
                                ($1).ended_at)::text, 0)
$$;

-- What other systems call a person: the keys that files identify adults by. A series is the name of one such system's key.
CREATE TABLE person_keys (
    organisation_id uuid NOT NULL,
    series text NOT NULL CONSTRAINT person_keys_series_check CHECK (series <> ''),
    comparable text NOT NULL CONSTRAINT person_keys_comparable_check CHECK (comparable <> ''),
    value text NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT person_keys_pkey PRIMARY KEY (organisation_id, series, comparable),
    CONSTRAINT person_keys_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX person_keys_person_idx ON person_keys (person_id);
SELECT guard_table('person_keys');

-- Where a person lives, for letters and for telling households apart.
CREATE TABLE postal_addresses (
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL CONSTRAINT postal_addresses_pkey PRIMARY KEY,
    -- One line per line of the envelope.
    lines text NOT NULL CONSTRAINT postal_addresses_lines_check CHECK (lines <> ''),
    postcode text NOT NULL DEFAULT '',
    -- domain::fold of both: two spellings of one address are one.
    comparable text NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT postal_addresses_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX postal_addresses_comparable_idx ON postal_addresses (organisation_id, comparable);
SELECT guard_table('postal_addresses');

-- Grants end at an instant, whatever their days say, and are kept.
ALTER TABLE access_grants
    ADD COLUMN stopped_at timestamptz,
    ADD COLUMN stopped_by uuid,
    ADD COLUMN stopped_for text CONSTRAINT access_grants_stopped_for_check
        CHECK (stopped_for IN ('office', 'not_my_child', 'import', 'merge', 'undo', 'of_age', 'contact_ended')),
    -- The operation or import that gave it.
    ADD COLUMN given_with uuid,
    ADD CONSTRAINT access_grants_stopped_check CHECK ((stopped_at IS NULL) = (stopped_for IS NULL)),
    DROP CONSTRAINT access_grants_once_excl,
    ADD CONSTRAINT access_grants_once_excl EXCLUDE USING gist
        (adult_id WITH =, child_id WITH =, scope WITH =, daterange(starts_on, ends_on, '[]') WITH &&) WHERE (stopped_at IS NULL);
CREATE INDEX access_grants_given_with_idx ON access_grants (given_with) WHERE given_with IS NOT NULL;

ALTER TABLE access_restrictions
    ADD COLUMN reason text NOT NULL DEFAULT 'court_order'
        CONSTRAINT access_restrictions_reason_check CHECK (reason IN ('court_order', 'safeguarding')),
    -- Whether the adult's account is kept from the child's addresses too, and the other way round.
    ADD COLUMN hides_addresses boolean NOT NULL DEFAULT true,
    ADD COLUMN lifted_at timestamptz,
    ADD COLUMN lifted_by uuid;

CREATE OR REPLACE VIEW person_scopes WITH (security_invoker = true) AS
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

-- The schools that somebody's office reaches a person from: where they are or were on roll, and where a child of theirs is.
CREATE VIEW person_schools WITH (security_invoker = true) AS
SELECT e.organisation_id, e.person_id, e.school_id FROM enrolments e WHERE e.latest
UNION
SELECT c.organisation_id, c.adult_id, e.school_id
FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest;
GRANT SELECT ON person_schools TO greencap_app, greencap_system;

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
               -- Adults are reached from the schools of their children.
               OR EXISTS (SELECT FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest
                          WHERE c.adult_id = p.id
                            AND e.school_id = ANY ((SELECT carried_ids('greencap.schools'))::uuid[])))
       OR p.id IN (SELECT m.person_id FROM group_members m
                   WHERE m.group_id = ANY ((SELECT carried_ids('greencap.groups'))::uuid[])
                     AND daterange(m.starts_on, m.ends_on, '[]')
                         @> (SELECT (nullif(current_setting('greencap.now', true), '')::timestamptz
                                     AT TIME ZONE o.time_zone)::date
                             FROM organisations o
                             WHERE o.id = nullif(current_setting('greencap.organisation', true), '')::uuid)));

-- What the office has to look at: domain::guardians::task. Done, never deleted.
CREATE TABLE office_tasks (
    id uuid CONSTRAINT office_tasks_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT office_tasks_kind_check CHECK (kind <> ''),
    adult_id uuid,
    child_id uuid,
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    done_by uuid,
    CONSTRAINT office_tasks_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT office_tasks_adult_fkey FOREIGN KEY (organisation_id, adult_id) REFERENCES people (organisation_id, id),
    CONSTRAINT office_tasks_child_fkey FOREIGN KEY (organisation_id, child_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX office_tasks_open_idx ON office_tasks (school_id, created_at) WHERE done_at IS NULL;
CREATE INDEX office_tasks_adult_idx ON office_tasks (adult_id);
CREATE INDEX office_tasks_child_idx ON office_tasks (child_id);
SELECT guard_table('office_tasks');
