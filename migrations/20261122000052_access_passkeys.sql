-- Passkeys (WebAuthn), as a second factor and as the only step.

CREATE TABLE passkeys (
    id uuid CONSTRAINT passkeys_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- What its owner calls it.
    name text NOT NULL,
    credential_id bytea NOT NULL CONSTRAINT passkeys_credential_id_key UNIQUE,
    -- Public key, counter and what else is needed to judge it (webauthn_rs::prelude::Passkey). No secret is in it.
    credential jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    CONSTRAINT passkeys_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX passkeys_account_idx ON passkeys (account_id);
SELECT guard_table('passkeys');

-- Challenges that were handed out. Of no organisation: who signs in with a passkey alone says who they are with it.
CREATE TABLE passkey_challenges (
    -- SHA-256 of 256 random bits.
    token_hash bytea CONSTRAINT passkey_challenges_pkey PRIMARY KEY,
    -- backend::access::factors::passkeys::ceremony::Ceremony
    ceremony jsonb NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenges_expires_idx ON passkey_challenges (expires_at);
SELECT guard_table('passkey_challenges');
