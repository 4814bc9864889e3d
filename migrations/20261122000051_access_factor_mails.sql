-- A message to whoever's second factors were changed.
ALTER TABLE recovery_mails
    -- Whose, where it concerns one person alone.
    ADD COLUMN account_id uuid,
    ADD CONSTRAINT recovery_mails_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE SET NULL (account_id),
    DROP CONSTRAINT recovery_mails_kind_check,
    ADD CONSTRAINT recovery_mails_kind_check CHECK (kind IN ('links', 'code', 'usernames', 'factors'));
