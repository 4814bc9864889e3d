-- One queue for everything that leaves: backend::messages. It takes the place of `deliveries` and `recovery_mails`.

CREATE TABLE messages (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    -- backend::messages::kind::Message::KIND
    kind text NOT NULL,
    channel text NOT NULL CONSTRAINT messages_channel_check CHECK (channel IN ('email')),
    -- backend::jobs::job::Priority: a greater one is more urgent.
    priority smallint NOT NULL,
    -- Ids only: the sender reads the rest, so that what changed in between counts. None of them is a foreign key: a message
    -- whose invitation, address or person is gone says nothing any more, and a bulk of 100,000 would check each of them.
    -- Whom it is about; null: everybody with the address.
    person_id uuid,
    -- Where it goes: to this address of the roll, or to one that is not confirmed yet or is from before.
    address_id uuid,
    recipient text,
    -- What it tells of. An invitation and its message have one id.
    subject uuid,
    state text NOT NULL CONSTRAINT messages_state_check
        CHECK (state IN ('queued', 'sending', 'sent', 'bounced', 'failed', 'cancelled')),
    attempts integer NOT NULL DEFAULT 0,
    -- When a worker may take it: now, or after a temporary failure later; while sending, when the lease ends.
    due_at timestamptz NOT NULL,
    -- Which worker holds it: a worker that lost its lease can record nothing.
    lease uuid,
    -- A stable word for what went wrong last, and the mail server's own line.
    error_code text,
    error_detail text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    CONSTRAINT messages_pkey PRIMARY KEY (id, organisation_id),
    CONSTRAINT messages_recipient_check CHECK (num_nonnulls(address_id, recipient) <= 1)
);
CREATE INDEX messages_due_idx ON messages (priority DESC, due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX messages_lease_idx ON messages (lease) WHERE lease IS NOT NULL;
SELECT guard_table('messages');

CREATE FUNCTION message_kind(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE $1 WHEN 'links' THEN 'reset_links' WHEN 'code' THEN 'reset_code' ELSE $1 END
$$;
CREATE FUNCTION message_priority(text) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN $1 IN ('factors', 'password', 'guesses', 'address_changed') THEN 1 ELSE 2 END::smallint
$$;

INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, address_id, state, attempts, due_at, lease,
                      error_code, error_detail, created_at, sent_at)
SELECT DISTINCT ON (i.id) i.id, i.organisation_id, 'invitation', 'email', 0, a.person_id, d.address_id, d.state, d.attempts,
       d.due_at, d.lease, d.error_code, d.error_detail, d.created_at, d.sent_at
FROM deliveries d JOIN invitations i ON i.id = d.invitation_id JOIN accounts a ON a.id = i.account_id
ORDER BY i.id, d.created_at DESC;

INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, address_id, recipient, subject, state, attempts,
                      due_at, lease, error_code, error_detail, created_at, sent_at)
SELECT DISTINCT ON (r.id) r.id, r.organisation_id, message_kind(r.kind), 'email', message_priority(r.kind), a.person_id,
       d.address_id, r.recipient, coalesce(r.address_change_id, e.id), d.state, d.attempts,
       d.due_at, d.lease, d.error_code, d.error_detail, d.created_at, d.sent_at
FROM recovery_mails r
JOIN deliveries d ON d.recovery_mail_id = r.id
LEFT JOIN accounts a ON a.id = r.account_id
LEFT JOIN audit_events e ON e.organisation_id = r.organisation_id AND e.sequence = r.alert
ORDER BY r.id, d.created_at DESC;

-- What stands in the mailbox of a Greencap without a mail server. A process of the version before this one knows it under
-- its old name.
ALTER TABLE mailbox_messages RENAME TO mailbox;
ALTER TABLE mailbox RENAME delivery_id TO message_id;
ALTER TABLE mailbox RENAME CONSTRAINT mailbox_messages_pkey TO mailbox_pkey;
ALTER TABLE mailbox RENAME CONSTRAINT mailbox_messages_organisation_fkey TO mailbox_organisation_fkey;
ALTER INDEX mailbox_messages_created_idx RENAME TO mailbox_created_idx;
ALTER TABLE mailbox DROP CONSTRAINT mailbox_messages_delivery_fkey;
UPDATE mailbox SET message_id = coalesce(d.invitation_id, d.recovery_mail_id) FROM deliveries d WHERE d.id = message_id;
DELETE FROM mailbox WHERE NOT EXISTS (SELECT FROM messages m WHERE m.id = message_id);
ALTER TABLE mailbox ADD CONSTRAINT mailbox_message_fkey FOREIGN KEY (message_id, organisation_id)
    REFERENCES messages (id, organisation_id) ON DELETE CASCADE;
CREATE VIEW mailbox_messages WITH (security_invoker = true) AS
SELECT message_id AS delivery_id, organisation_id, recipient, subject, body_text, body_html, created_at, people FROM mailbox;
GRANT SELECT, INSERT, UPDATE, DELETE ON mailbox_messages TO greencap_app, greencap_system;

-- Secrets hang on the message that carries them.
ALTER TABLE password_resets DROP CONSTRAINT password_resets_mail_fkey;

-- Which invitation is the latest of an account: where its message stands, whether it was opened and when it ends are read
-- there, and not kept a second time. Null: the account was never invited, or nobody was told of it.
ALTER TABLE accounts ADD COLUMN invitation_id uuid;
UPDATE accounts a SET invitation_id = latest.id
FROM (SELECT DISTINCT ON (account_id) account_id, id FROM invitations ORDER BY account_id, created_at DESC, id DESC) latest
WHERE latest.account_id = a.id AND a.delivery_state IS NOT NULL;
-- Inviting rewrites rows that were made a moment before. Where the page has room for the second version, none of the indexes
-- is written again (PostgreSQL, "Heap-Only Tuples").
ALTER TABLE accounts SET (fillfactor = 45);

CREATE OR REPLACE VIEW roll_entries WITH (security_invoker = true) AS
SELECT e.organisation_id, e.school_id, e.person_id,
       p.given_name, p.family_name, p.preferred_name, p.sort_key,
       -- A username is lower-case letters, digits and three signs: this is domain::roll::fold::fold of it.
       p.search_key || coalesce(' ' || translate(a.username, '.-_', '   '), '') AS search_key,
       e.admission_number, e.year_group, e.registration_group, e.starts_on, e.ends_on,
       m.value AS email,
       a.id AS account_id, a.username, a.state, sent.state AS delivery_state, i.opened_at AS invitation_opened_at,
       CASE WHEN i.revoked_at IS NULL THEN i.expires_at END AS invitation_expires_at,
       a.created_at AS account_created_at, a.invited_at, a.activated_at, a.suspended_at, a.locked_at, a.closed_at,
       a.last_sign_in_at
FROM enrolments e
JOIN people p ON p.id = e.person_id
LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
LEFT JOIN accounts a ON a.organisation_id = e.organisation_id AND a.person_id = e.person_id
LEFT JOIN invitations i ON i.id = a.invitation_id
LEFT JOIN messages sent ON sent.id = a.invitation_id
WHERE e.latest;

-- A roll in memory hears of what it shows of invitations and their messages.
CREATE FUNCTION note_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO roll_changes (organisation_id, person_id) VALUES (NEW.organisation_id, NEW.person_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_changes_update AFTER UPDATE OF state ON messages FOR EACH ROW
    WHEN (NEW.kind = 'invitation' AND NEW.person_id IS NOT NULL AND NEW.state <> 'sending' AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION note_message();

CREATE FUNCTION note_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO roll_changes (organisation_id, person_id)
    SELECT organisation_id, person_id FROM accounts WHERE id = NEW.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER invitations_changes_update AFTER UPDATE OF opened_at, revoked_at ON invitations FOR EACH ROW
    WHEN (NEW.opened_at IS DISTINCT FROM OLD.opened_at OR NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
    EXECUTE FUNCTION note_invitation();

-- What a process of the version before this one queues goes on here. Both tables are empty from now on and go with the next
-- release.
ALTER TABLE deliveries DROP CONSTRAINT deliveries_invitation_fkey;
DELETE FROM deliveries;
DELETE FROM recovery_mails;
CREATE FUNCTION forward_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, address_id, state, due_at, created_at)
    SELECT i.id, i.organisation_id, 'invitation', 'email', 0, a.person_id, NEW.address_id, 'queued', NEW.due_at, NEW.created_at
    FROM invitations i JOIN accounts a ON a.id = i.account_id WHERE i.id = NEW.invitation_id;
    UPDATE accounts a SET invitation_id = i.id FROM invitations i WHERE i.id = NEW.invitation_id AND a.id = i.account_id;
    INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, address_id, recipient, subject, state, due_at, created_at)
    SELECT r.id, r.organisation_id, message_kind(r.kind), 'email', message_priority(r.kind), a.person_id, NEW.address_id,
           r.recipient, coalesce(r.address_change_id, e.id), 'queued', NEW.due_at, NEW.created_at
    FROM recovery_mails r
    LEFT JOIN accounts a ON a.id = r.account_id
    LEFT JOIN audit_events e ON e.organisation_id = r.organisation_id AND e.sequence = r.alert
    WHERE r.id = NEW.recovery_mail_id;
    DELETE FROM deliveries WHERE id = NEW.id;
    DELETE FROM recovery_mails WHERE id = NEW.recovery_mail_id;
    PERFORM pg_notify('messages', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER deliveries_forward AFTER INSERT ON deliveries FOR EACH ROW EXECUTE FUNCTION forward_delivery();

-- Nothing refers to an invitation by both any more.
ALTER TABLE invitations DROP CONSTRAINT invitations_organisation_id_key;
