-- A person of a Microsoft directory: their subject is another for each registration of Greencap there, their id in the
-- directory is not.
ALTER TABLE linked_identities ADD COLUMN object text;
CREATE UNIQUE INDEX linked_identities_object_key ON linked_identities (organisation_id, issuer, object) WHERE object IS NOT NULL;

ALTER TABLE unlinked_identities
    ADD COLUMN object text,
    -- When the provider confirmed it: what has been revoked since revokes it too.
    ADD COLUMN kept_at timestamptz,
    -- The account whose owner had just proved in this browser, in the old way, that it is theirs.
    ADD COLUMN proved_account_id uuid,
    ADD CONSTRAINT unlinked_identities_proved_account_fkey
        FOREIGN KEY (organisation_id, proved_account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE;
CREATE INDEX unlinked_identities_proved_account_idx ON unlinked_identities (proved_account_id) WHERE proved_account_id IS NOT NULL;
