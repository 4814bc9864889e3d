-- Messages about accounts that are no invitations: links to a new password, usernames, one-time codes.

CREATE TABLE recovery_mails (
    id uuid CONSTRAINT recovery_mails_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL CONSTRAINT recovery_mails_organisation_fkey REFERENCES organisations,
    -- domain::access::recovery::RecoveryMail. Whom it names is read when it is sent: for usernames everybody with the
    -- address, otherwise the people of its resets.
    kind text NOT NULL CONSTRAINT recovery_mails_kind_check CHECK (kind IN ('links', 'code', 'usernames')),
    created_at timestamptz NOT NULL,
    CONSTRAINT recovery_mails_organisation_id_key UNIQUE (organisation_id, id)
);

ALTER TABLE password_resets
    ADD COLUMN mail_id uuid,
    ADD CONSTRAINT password_resets_mail_fkey FOREIGN KEY (organisation_id, mail_id) REFERENCES recovery_mails (organisation_id, id);
CREATE INDEX password_resets_mail_idx ON password_resets (mail_id) WHERE mail_id IS NOT NULL;

ALTER TABLE deliveries
    ALTER COLUMN invitation_id DROP NOT NULL,
    ADD COLUMN recovery_mail_id uuid,
    ADD CONSTRAINT deliveries_recovery_mail_fkey FOREIGN KEY (organisation_id, recovery_mail_id) REFERENCES recovery_mails (organisation_id, id),
    ADD CONSTRAINT deliveries_matter_check CHECK (num_nonnulls(invitation_id, recovery_mail_id) = 1);
