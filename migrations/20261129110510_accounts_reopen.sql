-- Accounts that are opened again. What "closed" ends is the account, not the person.

ALTER TABLE accounts
    -- When it was last opened again. Such an account is never deleted with the batch that opened it.
    ADD COLUMN reopened_at timestamptz,
    -- The operation that created it, where a later one opened it again and is now its batch.
    ADD COLUMN first_batch_id uuid,
    ADD CONSTRAINT accounts_first_batch_fkey FOREIGN KEY (organisation_id, first_batch_id) REFERENCES operations (organisation_id, id);

-- domain::credentials::status::AccountStatus::group: the closed account of someone who has not left counts as none.
CREATE FUNCTION account_status_group(state text, delivery text, expires_at timestamptz, has_email boolean, at timestamptz, has_left boolean)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN state IS NULL OR state = 'closed' AND NOT has_left THEN 'no_account'
        WHEN state = 'created' AND has_email THEN 'not_invited'
        WHEN state = 'active' THEN 'active'
        WHEN state IN ('suspended', 'closed') THEN 'disabled'
        WHEN state = 'invited' AND expires_at > at AND delivery IS DISTINCT FROM 'bounced' AND delivery IS DISTINCT FROM 'failed'
            THEN 'invited'
        ELSE 'attention'
    END
$$;
