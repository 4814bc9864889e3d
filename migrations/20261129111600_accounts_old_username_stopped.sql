-- The old username of someone can be stopped before its time. It keeps the time, so that this can be undone until then.
ALTER TABLE former_usernames ADD COLUMN stopped_at timestamptz;

CREATE OR REPLACE VIEW sign_in_names WITH (security_invoker = true) AS
    SELECT organisation_id, person_id, username, NULL::timestamptz AS until FROM accounts
    UNION ALL
    SELECT organisation_id, person_id, username, signs_in_until FROM former_usernames
    WHERE signs_in_until IS NOT NULL AND stopped_at IS NULL;
