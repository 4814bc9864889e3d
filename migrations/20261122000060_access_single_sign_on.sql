-- Single sign-on by OpenID Connect: providers, sign-ins under way at them, and identities linked to accounts.

CREATE TABLE identity_providers (
    id uuid CONSTRAINT identity_providers_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT identity_providers_organisation_fkey REFERENCES organisations,
    -- domain::access::single_sign_on::ProviderKind
    kind text NOT NULL CONSTRAINT identity_providers_kind_check CHECK (kind IN ('microsoft', 'google', 'other')),
    -- On its button, after "Continue with".
    name text NOT NULL,
    issuer text NOT NULL,
    client_id text NOT NULL,
    -- Sealed with a key that is not in the database (backend::crypto), bound to this row.
    client_secret bytea NOT NULL,
    -- The email domains that it may speak for; none: all.
    domains text[] NOT NULL DEFAULT '{}',
    -- Whether a second factor that was shown there counts here.
    trusts_second_factor boolean NOT NULL DEFAULT false,
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    CONSTRAINT identity_providers_organisation_id_key UNIQUE (organisation_id, id)
);
SELECT guard_table('identity_providers');

-- Who has gone to a provider and is to come back: ten minutes, once, in the same browser.
CREATE TABLE provider_visits (
    -- SHA-256 of the `state` in the address, 256 random bits.
    state_hash bytea CONSTRAINT provider_visits_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    -- SHA-256 of 256 random bits in a cookie; nonce and code verifier are derived from them.
    browser_hash bytea NOT NULL,
    -- Where to go after the sign-in: a path of this site.
    next text,
    expires_at timestamptz NOT NULL,
    CONSTRAINT provider_visits_provider_fkey FOREIGN KEY (organisation_id, provider_id) REFERENCES identity_providers (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX provider_visits_expires_idx ON provider_visits (expires_at);
CREATE INDEX provider_visits_provider_idx ON provider_visits (provider_id);
SELECT guard_table('provider_visits');

-- What someone is at an issuer, linked to their account. An issuer names nobody twice (OpenID Connect Core 1.0, section 5.7).
CREATE TABLE linked_identities (
    id uuid CONSTRAINT linked_identities_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT linked_identities_subject_key UNIQUE (organisation_id, issuer, subject),
    -- One of each issuer: an account that has one is found by its address no more.
    CONSTRAINT linked_identities_account_key UNIQUE (account_id, issuer),
    CONSTRAINT linked_identities_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('linked_identities');

-- An identity that is linked to nobody yet, on its way: its owner looks first whom it is about to be linked to.
CREATE TABLE unlinked_identities (
    -- SHA-256 of 256 random bits in a cookie.
    token_hash bytea CONSTRAINT unlinked_identities_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    -- In lower case, and whether the provider has verified it.
    address text NOT NULL,
    verified boolean NOT NULL,
    second_factor_shown boolean NOT NULL,
    -- Whose it is, once a code has shown it.
    account_id uuid,
    expires_at timestamptz NOT NULL,
    CONSTRAINT unlinked_identities_provider_fkey FOREIGN KEY (organisation_id, provider_id) REFERENCES identity_providers (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT unlinked_identities_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX unlinked_identities_expires_idx ON unlinked_identities (expires_at);
CREATE INDEX unlinked_identities_provider_idx ON unlinked_identities (provider_id);
CREATE INDEX unlinked_identities_account_idx ON unlinked_identities (account_id) WHERE account_id IS NOT NULL;
SELECT guard_table('unlinked_identities');

-- How a sign-in was made, while it has a step left and in the session that it led to; null: not with a provider.
ALTER TABLE pending_sign_ins
    ADD COLUMN provider_id uuid,
    ADD CONSTRAINT pending_sign_ins_provider_fkey FOREIGN KEY (organisation_id, provider_id) REFERENCES identity_providers (organisation_id, id) ON DELETE CASCADE;
ALTER TABLE sessions
    ADD COLUMN provider_id uuid,
    -- Whether a second factor was shown at a provider that is trusted with it.
    ADD COLUMN provider_second_factor boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT sessions_provider_fkey FOREIGN KEY (organisation_id, provider_id) REFERENCES identity_providers (organisation_id, id) ON DELETE SET NULL (provider_id);
CREATE INDEX sessions_provider_idx ON sessions (provider_id) WHERE provider_id IS NOT NULL;

-- Codes that show that a mailbox is someone's, before an identity is linked to them.
ALTER TABLE password_resets
    DROP CONSTRAINT password_resets_kind_check,
    ADD CONSTRAINT password_resets_kind_check CHECK (kind IN ('link', 'code', 'identity'));
ALTER TABLE recovery_mails
    DROP CONSTRAINT recovery_mails_kind_check,
    ADD CONSTRAINT recovery_mails_kind_check CHECK (kind IN ('links', 'code', 'usernames', 'factors', 'password', 'identity'));

-- A school may let its people in with a provider alone.
ALTER TABLE schools ADD COLUMN single_sign_on_required boolean NOT NULL DEFAULT false;

-- Whether someone's password is taken no more at a moment: a school of theirs asks for a provider, and there is one. Whoever
-- is administrator of all schools keeps theirs, so that a provider that is down locks nobody out for good.
-- Arguments: organisation, person, moment.
CREATE FUNCTION password_is_off(uuid, uuid, timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM schools s
                   WHERE s.organisation_id = $1 AND s.single_sign_on_required
                     AND (EXISTS (SELECT FROM enrolments e WHERE e.person_id = $2 AND e.school_id = s.id AND e.latest)
                          OR EXISTS (SELECT FROM staff_roles r
                                     WHERE r.person_id = $2 AND (r.school_id = s.id OR r.school_id IS NULL))))
       AND EXISTS (SELECT FROM identity_providers i WHERE i.organisation_id = $1 AND i.enabled)
       AND NOT EXISTS (SELECT FROM staff_roles r JOIN organisations o ON o.id = r.organisation_id
                       WHERE r.organisation_id = $1 AND r.person_id = $2 AND r.role = 'administrator' AND r.school_id IS NULL
                         AND daterange(r.starts_on, r.ends_on, '[]') @> ($3 AT TIME ZONE o.time_zone)::date)
$$;
