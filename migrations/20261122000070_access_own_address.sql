-- Changing the address that messages go to oneself, and telling whoever reads at the one from before.

CREATE TABLE address_changes (
    id uuid CONSTRAINT address_changes_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- Where messages went when it was asked for; null: nowhere.
    old_value text,
    -- Where they are to go once whoever asked has confirmed it from there.
    new_value text NOT NULL,
    -- Keyed hashes (backend::crypto) of the link to the new address, and of the one to the old.
    confirm_hash bytea NOT NULL CONSTRAINT address_changes_confirm_hash_key UNIQUE,
    undo_hash bytea NOT NULL CONSTRAINT address_changes_undo_hash_key UNIQUE,
    created_at timestamptz NOT NULL,
    -- Until when it can be confirmed, and until when it can be undone. Whatever ends it sooner brings these forward.
    expires_at timestamptz NOT NULL,
    undo_until timestamptz NOT NULL,
    confirmed_at timestamptz,
    undone_at timestamptz,
    CONSTRAINT address_changes_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT address_changes_organisation_id_key UNIQUE (organisation_id, id)
);
CREATE INDEX address_changes_account_idx ON address_changes (account_id);
SELECT guard_table('address_changes');

ALTER TABLE recovery_mails
    -- Where it goes, if that is no address of the roll: one that is not confirmed yet, or one from before.
    ADD COLUMN recipient text,
    -- The change that it tells of; null: the office changed the address.
    ADD COLUMN address_change_id uuid,
    ADD CONSTRAINT recovery_mails_address_change_fkey FOREIGN KEY (organisation_id, address_change_id) REFERENCES address_changes (organisation_id, id) ON DELETE SET NULL (address_change_id),
    DROP CONSTRAINT recovery_mails_kind_check,
    ADD CONSTRAINT recovery_mails_kind_check CHECK (kind IN (
        'links', 'code', 'usernames', 'factors', 'password', 'identity', 'address_confirm', 'address_asked', 'address_changed'));
CREATE INDEX recovery_mails_address_change_idx ON recovery_mails (address_change_id) WHERE address_change_id IS NOT NULL;
