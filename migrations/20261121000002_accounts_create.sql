-- Accounts: usernames for ever, batches that can be undone, one account per person.

-- A username belongs for ever to the person it was made for. An undone batch leaves it reserved: the same person gets
-- it again, nobody else ever does.
CREATE TABLE usernames (
    organisation_id uuid NOT NULL,
    username text NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT usernames_pkey PRIMARY KEY (organisation_id, username),
    CONSTRAINT usernames_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id)
);
CREATE INDEX usernames_person_idx ON usernames (person_id);

CREATE TABLE batches (
    id uuid CONSTRAINT batches_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    -- Null when the operator made it from the command line.
    created_by uuid,
    created_at timestamptz NOT NULL,
    -- The hash of the plan that ran.
    plan_hash bytea NOT NULL,
    -- What the plan was made from (domain::accounts::plan::Naming), for the record.
    naming jsonb NOT NULL,
    size integer NOT NULL,
    undone_by uuid,
    undone_at timestamptz,
    CONSTRAINT batches_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
CREATE INDEX batches_school_idx ON batches (school_id, created_at DESC);

CREATE TABLE accounts (
    id uuid CONSTRAINT accounts_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    username text NOT NULL,
    state text NOT NULL CONSTRAINT accounts_state_check
        CHECK (state IN ('created', 'invited', 'active', 'suspended', 'locked', 'closed')),
    -- Null for accounts that were not made in a batch, such as the first administrator's.
    batch_id uuid CONSTRAINT accounts_batch_fkey REFERENCES batches,
    created_at timestamptz NOT NULL,
    invited_at timestamptz,
    activated_at timestamptz,
    suspended_at timestamptz,
    locked_at timestamptz,
    closed_at timestamptz,
    last_sign_in_at timestamptz,
    -- Of the latest invitation, kept here so that a list of accounts needs no other table.
    delivery_state text,
    invitation_opened_at timestamptz,
    invitation_expires_at timestamptz,
    -- Wrong passwords in a row since the last right one.
    failed_attempts integer NOT NULL DEFAULT 0,
    CONSTRAINT accounts_person_key UNIQUE (organisation_id, person_id),
    CONSTRAINT accounts_username_key UNIQUE (organisation_id, username),
    CONSTRAINT accounts_username_fkey FOREIGN KEY (organisation_id, username) REFERENCES usernames (organisation_id, username),
    CONSTRAINT accounts_person_fkey FOREIGN KEY (organisation_id, person_id) REFERENCES people (organisation_id, id),
    CONSTRAINT accounts_organisation_id_key UNIQUE (organisation_id, id)
);
CREATE INDEX accounts_batch_idx ON accounts (batch_id) WHERE batch_id IS NOT NULL;
