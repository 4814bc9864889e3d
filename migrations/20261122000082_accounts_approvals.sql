-- Exports of many, and codes for many, may wait for a second person (OWASP ASVS 5.0, V2.3.5).

ALTER TABLE organisations
    -- More people than this wait; null: nobody does.
    ADD COLUMN approval_over integer CONSTRAINT organisations_approval_check CHECK (approval_over BETWEEN 1 AND 10000000);

CREATE TABLE approvals (
    id uuid CONSTRAINT approvals_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    -- Who asks.
    account_id uuid NOT NULL,
    school_id uuid NOT NULL,
    -- domain::accounts::approval::Matter
    matter jsonb NOT NULL,
    -- Those whom it is about, as they were when it was asked for: what is approved is what is taken out.
    people uuid[] NOT NULL,
    asked_at timestamptz NOT NULL,
    decided_at timestamptz,
    -- The account of the second person.
    decided_by uuid,
    approved boolean,
    taken_at timestamptz,
    CONSTRAINT approvals_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT approvals_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT approvals_decided_check CHECK (num_nonnulls(decided_at, decided_by, approved) IN (0, 3)),
    CONSTRAINT approvals_second_check CHECK (decided_by <> account_id),
    CONSTRAINT approvals_taken_check CHECK (taken_at IS NULL OR approved)
);
CREATE INDEX approvals_asked_idx ON approvals (organisation_id, asked_at DESC);
CREATE INDEX approvals_account_idx ON approvals (account_id);
SELECT guard_table('approvals');
