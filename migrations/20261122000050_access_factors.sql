-- Second factors: authenticator apps and recovery codes, when staff must have one, and when a session was last proven.

-- An authenticator app (RFC 6238). Its secret is not here: it is derived from the id with a key that is not in the
-- database (backend::crypto).
CREATE TABLE authenticators (
    id uuid CONSTRAINT authenticators_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    -- When its first code was typed; null while it is being set up.
    confirmed_at timestamptz,
    -- The time step of the last code that was taken: each works once.
    last_step bigint NOT NULL DEFAULT 0,
    CONSTRAINT authenticators_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
-- One in use, and one being set up.
CREATE UNIQUE INDEX authenticators_account_key ON authenticators (account_id, (confirmed_at IS NULL));
SELECT guard_table('authenticators');

CREATE TABLE recovery_codes (
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- Keyed hash, bound to the account.
    code_hash bytea NOT NULL,
    used_at timestamptz,
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (account_id, code_hash),
    CONSTRAINT recovery_codes_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('recovery_codes');

-- For how many days staff may sign in without a second factor, counted from their first sign-in as staff.
ALTER TABLE organisations ADD COLUMN second_factor_grace_days integer NOT NULL DEFAULT 14
    CONSTRAINT organisations_grace_check CHECK (second_factor_grace_days BETWEEN 0 AND 90);
ALTER TABLE accounts ADD COLUMN second_factor_asked_at timestamptz;

-- Whether the second factor was shown in a sign-in that has another step left.
ALTER TABLE pending_sign_ins ADD COLUMN second_factor_shown boolean NOT NULL DEFAULT false;

-- When whoever has a session last proved who they are in it. Signing in is the first proof.
ALTER TABLE sessions ADD COLUMN proven_at timestamptz;
UPDATE sessions SET proven_at = created_at;
ALTER TABLE sessions ALTER COLUMN proven_at SET NOT NULL;
