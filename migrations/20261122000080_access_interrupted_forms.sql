-- Forms that were sent when a proof was owed: kept until their sender has given it.
CREATE TABLE interrupted_forms (
    id uuid CONSTRAINT interrupted_forms_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    -- Not the session: whoever proves themselves with a provider begins a new one.
    account_id uuid NOT NULL,
    -- Where it was sent: a path of this site with its query.
    address text NOT NULL,
    -- Sealed with a key that is not in the database (backend::crypto), bound to this row.
    form bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT interrupted_forms_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
-- Sealed bytes do not get shorter.
ALTER TABLE interrupted_forms ALTER form SET STORAGE EXTERNAL;
CREATE INDEX interrupted_forms_account_idx ON interrupted_forms (account_id, expires_at);
CREATE INDEX interrupted_forms_expires_idx ON interrupted_forms (organisation_id, expires_at);
SELECT guard_table('interrupted_forms');
