-- Signing in: what slows guessing, browsers that are known, and what lies between a right password and a session.

-- How often something was tried lately (backend::access::limits). Of no organisation: strangers are counted too.
CREATE TABLE attempts (
    -- Keyed hash of what is counted – a name that was typed, a network, a browser – so that the table tells nothing of it.
    key bytea CONSTRAINT attempts_pkey PRIMARY KEY,
    -- When the last try is forgotten. Each try moves it on by what one try costs.
    forgotten_at timestamptz NOT NULL
);
CREATE INDEX attempts_forgotten_idx ON attempts (forgotten_at);

-- Browsers in which someone has signed in: there, others' guesses from elsewhere do not stand in the owner's way.
CREATE TABLE known_devices (
    -- SHA-256 of 256 random bits in a cookie.
    device_hash bytea NOT NULL,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    last_sign_in_at timestamptz NOT NULL,
    CONSTRAINT known_devices_pkey PRIMARY KEY (device_hash, account_id),
    CONSTRAINT known_devices_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX known_devices_account_idx ON known_devices (account_id);

-- A way to a new password: a link that the person asked for, or a code that the office made.
CREATE TABLE password_resets (
    id uuid CONSTRAINT password_resets_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT password_resets_kind_check CHECK (kind IN ('link', 'code')),
    -- Keyed hash (backend::crypto): the database alone lets nobody in.
    secret_hash bytea NOT NULL CONSTRAINT password_resets_secret_hash_key UNIQUE,
    -- Whose office made it; null for a link.
    made_by uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    -- Wrong codes typed against it; at ten it is dead (OWASP ASVS 5.0, V6.6.3).
    failed_attempts integer NOT NULL DEFAULT 0,
    CONSTRAINT password_resets_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT password_resets_organisation_id_key UNIQUE (organisation_id, id)
);
CREATE INDEX password_resets_account_idx ON password_resets (account_id, created_at DESC);

-- A sign-in that has a step left (domain::access::sign_in). One row for each person it may be; one row when it is known.
CREATE TABLE pending_sign_ins (
    token_hash bytea NOT NULL,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- The code that stands in for a password; null for a password.
    reset_id uuid,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pending_sign_ins_pkey PRIMARY KEY (token_hash, account_id),
    CONSTRAINT pending_sign_ins_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT pending_sign_ins_reset_fkey FOREIGN KEY (organisation_id, reset_id) REFERENCES password_resets (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX pending_sign_ins_account_idx ON pending_sign_ins (account_id);
CREATE INDEX pending_sign_ins_expires_idx ON pending_sign_ins (expires_at);

-- What a person is told of their sessions: domain::access::{source, device}.
ALTER TABLE sessions
    ADD COLUMN source inet,
    ADD COLUMN browser text,
    ADD COLUMN system text;
