-- What a bulk action changed of each account, so that it can be undone. Deleted with the operation.

CREATE TABLE account_state_changes (
    organisation_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    before text NOT NULL,
    suspended_at timestamptz,
    locked_at timestamptz,
    closed_at timestamptz,
    failed_attempts integer NOT NULL,
    after text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT account_state_changes_pkey PRIMARY KEY (operation_id, account_id),
    CONSTRAINT account_state_changes_operation_fkey FOREIGN KEY (organisation_id, operation_id)
        REFERENCES operations (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT account_state_changes_account_fkey FOREIGN KEY (organisation_id, account_id)
        REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX account_state_changes_account_idx ON account_state_changes (account_id);
SELECT guard_table('account_state_changes');

-- Which parts of the portal an account shows; null is what is usual for its person.
ALTER TABLE accounts
    ADD COLUMN portal_group text CONSTRAINT accounts_portal_group_check CHECK (portal_group = 'home_visits');

CREATE TABLE account_portal_changes (
    organisation_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    before text,
    after text,
    CONSTRAINT account_portal_changes_pkey PRIMARY KEY (operation_id, account_id),
    CONSTRAINT account_portal_changes_operation_fkey FOREIGN KEY (organisation_id, operation_id)
        REFERENCES operations (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT account_portal_changes_account_fkey FOREIGN KEY (organisation_id, account_id)
        REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX account_portal_changes_account_idx ON account_portal_changes (account_id);
SELECT guard_table('account_portal_changes');
