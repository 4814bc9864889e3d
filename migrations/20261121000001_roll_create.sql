-- The roll: organisations, schools, people, enrolments and delivery addresses.
-- Every row belongs to an organisation, and references carry it, so that no row can point into another tenant.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE organisations (
    id uuid CONSTRAINT organisations_pkey PRIMARY KEY,
    name text NOT NULL,
    -- IANA name; "today" and every time on a page are in it.
    time_zone text NOT NULL DEFAULT 'Europe/London',
    created_at timestamptz NOT NULL
);

CREATE TABLE schools (
    id uuid CONSTRAINT schools_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT schools_organisation_fkey REFERENCES organisations,
    code text NOT NULL,
    name text NOT NULL,
    -- domain::accounts::template::UsernameTemplate; null until the school chooses one.
    username_template jsonb,
    password_minimum integer NOT NULL DEFAULT 12 CONSTRAINT schools_password_minimum_check CHECK (password_minimum BETWEEN 8 AND 64),
    invitation_days integer NOT NULL DEFAULT 14 CONSTRAINT schools_invitation_days_check CHECK (invitation_days BETWEEN 1 AND 365),
    created_at timestamptz NOT NULL,
    CONSTRAINT schools_code_key UNIQUE (organisation_id, code),
    CONSTRAINT schools_organisation_id_key UNIQUE (organisation_id, id)
);

CREATE TABLE people (
    id uuid CONSTRAINT people_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT people_organisation_fkey REFERENCES organisations,
    given_name text NOT NULL,
    middle_name text NOT NULL DEFAULT '',
    family_name text NOT NULL,
    preferred_name text NOT NULL DEFAULT '',
    born_on date,
    -- BCP 47; messages are written in it.
    language text NOT NULL DEFAULT 'en',
    -- domain::roll::fold::{search_key, sort_key}; written with the name, by the same code.
    search_key text NOT NULL,
    sort_key text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT people_organisation_id_key UNIQUE (organisation_id, id),
    CONSTRAINT people_name_check CHECK (given_name <> '' OR family_name <> '')
);
CREATE INDEX people_search_key_idx ON people USING gin (search_key gin_trgm_ops);
CREATE INDEX people_sort_key_idx ON people (organisation_id, sort_key, id);

CREATE TABLE enrolments (
    id uuid CONSTRAINT enrolments_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    admission_number text NOT NULL CONSTRAINT enrolments_admission_number_check CHECK (admission_number <> ''),
    year_group text NOT NULL DEFAULT '',
    registration_group text NOT NULL DEFAULT '',
    starts_on date NOT NULL,
    -- The last day on roll. Roll status is computed from both dates for a day: domain::roll::status.
    ends_on date,
    -- The one enrolment that stands for the person on this school's lists: the one that starts last.
    latest boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT enrolments_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT enrolments_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id)
);
CREATE UNIQUE INDEX enrolments_latest_key ON enrolments (school_id, person_id) WHERE latest;
CREATE UNIQUE INDEX enrolments_admission_number_key ON enrolments (school_id, admission_number) WHERE latest;
CREATE INDEX enrolments_person_idx ON enrolments (person_id);

CREATE TABLE addresses (
    id uuid CONSTRAINT addresses_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT addresses_kind_check CHECK (kind IN ('email', 'phone')),
    value text NOT NULL,
    -- Lower case: two spellings of one mailbox are one. Not unique: people share mailboxes.
    comparable text NOT NULL,
    -- The address that invitations go to.
    is_primary boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    CONSTRAINT addresses_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id),
    CONSTRAINT addresses_value_key UNIQUE (person_id, kind, comparable)
);
CREATE UNIQUE INDEX addresses_primary_key ON addresses (person_id, kind) WHERE is_primary;
CREATE INDEX addresses_comparable_idx ON addresses (organisation_id, comparable);
