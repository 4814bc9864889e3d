-- An account is invited while it has a current invitation: the latest that was given to it. Nothing is written into the row
-- of the account to say so a second time, so that inviting 100,000 does not rewrite 100,000 rows made a moment before.

ALTER TABLE invitations
    ADD COLUMN current boolean NOT NULL DEFAULT false,
    -- Since when the account has been invited: the first of the invitations in a row that ends with this one.
    ADD COLUMN first_at timestamptz NOT NULL DEFAULT now();
UPDATE invitations SET first_at = created_at;
UPDATE invitations i SET current = true, first_at = coalesce(a.invited_at, i.created_at) FROM accounts a WHERE a.invitation_id = i.id;
CREATE UNIQUE INDEX invitations_current_key ON invitations (account_id) WHERE current;

-- What an account's state is, from the one in its row. A process of the version before this one still writes 'invited'.
CREATE FUNCTION account_state(account uuid, stored text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN stored NOT IN ('created', 'invited') THEN stored
                WHEN EXISTS (SELECT FROM invitations i WHERE i.account_id = account AND i.current) THEN 'invited'
                ELSE 'created' END
$$;

-- A username is ASCII, compared byte by byte whatever the database's own order is.
DROP VIEW usernames;
DROP VIEW roll_entries;
ALTER TABLE accounts DROP COLUMN username_stem;
ALTER TABLE accounts ALTER COLUMN username TYPE text COLLATE "C";
ALTER TABLE accounts ADD COLUMN username_stem text COLLATE "C" NOT NULL GENERATED ALWAYS AS (rtrim(username, '0123456789-')) STORED;
CREATE INDEX accounts_username_stem_idx ON accounts (username_stem);
ALTER TABLE former_usernames DROP COLUMN username_stem;
ALTER TABLE former_usernames ALTER COLUMN username TYPE text COLLATE "C";
ALTER TABLE former_usernames ADD COLUMN username_stem text COLLATE "C" NOT NULL GENERATED ALWAYS AS (rtrim(username, '0123456789-')) STORED;
CREATE INDEX former_usernames_stem_idx ON former_usernames (username_stem);
CREATE VIEW usernames WITH (security_invoker = true) AS
    SELECT organisation_id, username, username_stem, person_id, created_at FROM accounts
    UNION ALL
    SELECT organisation_id, username, username_stem, person_id, created_at FROM former_usernames;
GRANT SELECT ON usernames TO greencap_app, greencap_system;

CREATE VIEW roll_entries WITH (security_invoker = true) AS
SELECT e.organisation_id, e.school_id, e.person_id,
       p.given_name, p.family_name, p.preferred_name, p.sort_key,
       -- A username is lower-case letters, digits and three signs: this is domain::roll::fold::fold of it.
       p.search_key || coalesce(' ' || translate(a.username, '.-_', '   '), '') AS search_key,
       e.admission_number, e.year_group, e.registration_group, e.starts_on, e.ends_on,
       m.value AS email,
       -- account_state() of each row, without a look-up for each row.
       a.id AS account_id, a.username,
       CASE WHEN a.state IN ('created', 'invited') THEN CASE WHEN i.id IS NULL THEN 'created' ELSE 'invited' END
            ELSE a.state END AS state,
       sent.state AS delivery_state, i.opened_at AS invitation_opened_at,
       CASE WHEN i.revoked_at IS NULL THEN i.expires_at END AS invitation_expires_at,
       a.created_at AS account_created_at, i.first_at AS invited_at, a.activated_at, a.suspended_at, a.locked_at, a.closed_at,
       a.last_sign_in_at
FROM enrolments e
JOIN people p ON p.id = e.person_id
LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
LEFT JOIN accounts a ON a.organisation_id = e.organisation_id AND a.person_id = e.person_id
LEFT JOIN invitations i ON i.account_id = a.id AND i.current
LEFT JOIN messages sent ON sent.id = i.id
WHERE e.latest;
GRANT SELECT ON roll_entries TO greencap_app, greencap_system;

ALTER TABLE accounts DROP COLUMN invitation_id;
ALTER TABLE accounts SET (fillfactor = 90);

-- A roll in memory hears of a new invitation as it does of a new account.
CREATE FUNCTION note_new_invitations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM changed LIMIT 501) AS few) > 500 THEN
        INSERT INTO roll_changes (organisation_id) SELECT DISTINCT organisation_id FROM changed;
    ELSE
        INSERT INTO roll_changes (organisation_id, person_id)
        SELECT a.organisation_id, a.person_id FROM changed c JOIN accounts a ON a.id = c.account_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER invitations_changes_insert AFTER INSERT ON invitations REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_new_invitations();
DROP TRIGGER invitations_changes_update ON invitations;
CREATE TRIGGER invitations_changes_update AFTER UPDATE OF opened_at, revoked_at, current ON invitations FOR EACH ROW
    WHEN (NEW.opened_at IS DISTINCT FROM OLD.opened_at OR NEW.revoked_at IS DISTINCT FROM OLD.revoked_at OR NEW.current <> OLD.current)
    EXECUTE FUNCTION note_invitation();

-- Of what a process of the version before this one queues, the invitation becomes the current one.
CREATE OR REPLACE FUNCTION forward_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, address_id, state, due_at, created_at)
    SELECT i.id, i.organisation_id, 'invitation', 'email', 0, a.person_id, NEW.address_id, 'queued', NEW.due_at, NEW.created_at
    FROM invitations i JOIN accounts a ON a.id = i.account_id WHERE i.id = NEW.invitation_id;
    UPDATE invitations earlier SET current = false FROM invitations i
    WHERE i.id = NEW.invitation_id AND earlier.account_id = i.account_id AND earlier.current;
    UPDATE invitations SET current = true WHERE id = NEW.invitation_id;
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
