-- Who may come in: roles, passwords, sessions, the one-time set-up link.

CREATE TABLE staff_roles (
    id uuid CONSTRAINT staff_roles_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    -- Null: all schools of the organisation.
    school_id uuid,
    role text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT staff_roles_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id),
    CONSTRAINT staff_roles_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT staff_roles_role_key UNIQUE NULLS NOT DISTINCT (person_id, school_id, role)
);

-- Apart from accounts, so that no list of accounts can carry a hash along.
CREATE TABLE passwords (
    account_id uuid CONSTRAINT passwords_pkey PRIMARY KEY CONSTRAINT passwords_account_fkey REFERENCES accounts ON DELETE CASCADE,
    -- Argon2id in PHC string format.
    hash text NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- SHA-256 of 256 random bits: long enough to need no key and no salt.
    token_hash bytea NOT NULL CONSTRAINT sessions_token_hash_key UNIQUE,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    idle_ends_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT sessions_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_account_idx ON sessions (account_id);

CREATE TABLE setup_links (
    token_hash bytea CONSTRAINT setup_links_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT setup_links_organisation_fkey REFERENCES organisations,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
