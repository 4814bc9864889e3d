-- Roles that an organisation makes for itself, and roles that are given for a time.

CREATE TABLE custom_roles (
    id uuid CONSTRAINT custom_roles_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT custom_roles_organisation_fkey REFERENCES organisations,
    name text NOT NULL,
    -- domain::access::permission::Permission::slug
    permissions text[] NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT custom_roles_organisation_id_key UNIQUE (organisation_id, id)
);
CREATE UNIQUE INDEX custom_roles_name_key ON custom_roles (organisation_id, lower(name));

ALTER TABLE staff_roles
    -- Either one of domain::access::role::Role, or one of the organisation's own.
    ALTER COLUMN role DROP NOT NULL,
    ADD COLUMN custom_role_id uuid,
    -- Both days belong to it; null: open.
    ADD COLUMN starts_on date,
    ADD COLUMN ends_on date,
    ADD COLUMN given_by uuid,
    ADD CONSTRAINT staff_roles_kind_check CHECK (num_nonnulls(role, custom_role_id) = 1),
    ADD CONSTRAINT staff_roles_term_check CHECK (ends_on >= starts_on),
    ADD CONSTRAINT staff_roles_custom_role_fkey FOREIGN KEY (organisation_id, custom_role_id) REFERENCES custom_roles (organisation_id, id),
    DROP CONSTRAINT staff_roles_role_key,
    ADD CONSTRAINT staff_roles_role_key UNIQUE NULLS NOT DISTINCT (person_id, school_id, role, custom_role_id);
CREATE INDEX staff_roles_organisation_idx ON staff_roles (organisation_id);
CREATE INDEX staff_roles_custom_role_idx ON staff_roles (custom_role_id) WHERE custom_role_id IS NOT NULL;
