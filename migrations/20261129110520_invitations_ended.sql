-- Why an invitation was revoked: because the address it was sent to was corrected or removed, or (null) because staff revoked
-- it. The first says "Not invited: address corrected", never that a code expired.
ALTER TABLE invitations
    ADD COLUMN revoked_for text CONSTRAINT invitations_revoked_for_check CHECK (revoked_for = 'address');

CREATE OR REPLACE VIEW roll_entries WITH (security_invoker = true) AS
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
       a.last_sign_in_at,
       -- domain::credentials::status::InvitationEnd
       CASE WHEN i.revoked_at IS NOT NULL THEN coalesce(i.revoked_for, 'staff') END AS invitation_end
FROM enrolments e
JOIN people p ON p.id = e.person_id
LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
LEFT JOIN accounts a ON a.organisation_id = e.organisation_id AND a.person_id = e.person_id
LEFT JOIN invitations i ON i.account_id = a.id AND i.current
LEFT JOIN messages sent ON sent.id = i.id
WHERE e.latest;
