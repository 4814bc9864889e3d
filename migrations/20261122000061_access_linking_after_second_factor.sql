-- An identity is linked when its owner comes in, after every step of the sign-in: what is about to be linked goes along.
ALTER TABLE unlinked_identities ADD CONSTRAINT unlinked_identities_organisation_id_key UNIQUE (organisation_id, token_hash);
ALTER TABLE pending_sign_ins
    ADD COLUMN unlinked_hash bytea,
    ADD CONSTRAINT pending_sign_ins_unlinked_fkey FOREIGN KEY (organisation_id, unlinked_hash) REFERENCES unlinked_identities (organisation_id, token_hash) ON DELETE CASCADE;
CREATE INDEX pending_sign_ins_unlinked_idx ON pending_sign_ins (unlinked_hash) WHERE unlinked_hash IS NOT NULL;
