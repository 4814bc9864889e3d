-- Whom a message in the mailbox of the embedded mode names: the page shows it to nobody who has fewer rights than they.
-- Null: written by a version before this one, while it still ran.
ALTER TABLE mailbox_messages ADD COLUMN people uuid[];

UPDATE mailbox_messages m SET people = ARRAY(
    SELECT a.person_id FROM invitations i JOIN accounts a ON a.id = i.account_id WHERE i.id = d.invitation_id
    UNION SELECT a.person_id FROM password_resets r JOIN accounts a ON a.id = r.account_id WHERE r.mail_id = d.recovery_mail_id
    UNION SELECT a.person_id FROM recovery_mails r JOIN accounts a ON a.id = r.account_id WHERE r.id = d.recovery_mail_id
    UNION SELECT a.person_id FROM recovery_mails r JOIN address_changes c ON c.id = r.address_change_id
          JOIN accounts a ON a.id = c.account_id WHERE r.id = d.recovery_mail_id
    UNION SELECT x.person_id FROM addresses m JOIN addresses x USING (organisation_id, comparable) WHERE m.id = d.address_id)
FROM deliveries d WHERE d.id = m.delivery_id;
