-- Invitations and what became of the messages that carry them.

CREATE TABLE invitations (
    id uuid CONSTRAINT invitations_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    channel text NOT NULL CONSTRAINT invitations_channel_check CHECK (channel IN ('email')),
    -- Keyed hashes (backend::crypto): the database alone lets nobody in.
    link_hash bytea NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    opened_at timestamptz,
    -- Exactly one of several live ones is used; the others die with it.
    used_at timestamptz,
    revoked_at timestamptz,
    -- Wrong codes typed against it; at ten it is dead (OWASP ASVS 5.0, V6.6.3).
    failed_attempts integer NOT NULL DEFAULT 0,
    CONSTRAINT invitations_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE,
    CONSTRAINT invitations_link_hash_key UNIQUE (link_hash),
    CONSTRAINT invitations_organisation_id_key UNIQUE (organisation_id, id)
);
CREATE INDEX invitations_account_idx ON invitations (account_id, created_at DESC);

CREATE TABLE deliveries (
    id uuid CONSTRAINT deliveries_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    -- Ids only: the worker reads the rest when it sends, so that what changed in between counts.
    invitation_id uuid NOT NULL,
    -- Null once the address is removed from the person; a message still waiting for it then fails.
    address_id uuid CONSTRAINT deliveries_address_fkey REFERENCES addresses ON DELETE SET NULL,
    state text NOT NULL CONSTRAINT deliveries_state_check
        CHECK (state IN ('queued', 'sending', 'sent', 'bounced', 'failed', 'cancelled')),
    attempts integer NOT NULL DEFAULT 0,
    -- When the worker may take it: now, or after a temporary failure later; while sending, when the lease ends.
    due_at timestamptz NOT NULL,
    -- Which worker holds it: a worker that lost its lease can record nothing.
    lease uuid,
    -- A stable word for what went wrong last, and the mail server's own line.
    error_code text,
    error_detail text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    CONSTRAINT deliveries_invitation_fkey FOREIGN KEY (organisation_id, invitation_id) REFERENCES invitations (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX deliveries_due_idx ON deliveries (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX deliveries_invitation_idx ON deliveries (invitation_id);
CREATE INDEX deliveries_address_idx ON deliveries (address_id);

-- Where messages go while no mail server is configured: the mailbox page of the embedded mode.
CREATE TABLE mailbox_messages (
    delivery_id uuid CONSTRAINT mailbox_messages_pkey PRIMARY KEY CONSTRAINT mailbox_messages_delivery_fkey REFERENCES deliveries ON DELETE CASCADE,
    organisation_id uuid NOT NULL CONSTRAINT mailbox_messages_organisation_fkey REFERENCES organisations,
    recipient text NOT NULL,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX mailbox_messages_created_idx ON mailbox_messages (organisation_id, created_at DESC);
