-- Exports are watched, and what matters most in the audit log is told to administrators of all schools at once.

ALTER TABLE organisations
    -- How many rows of lists of people one person may take out in a day; null: domain::audit::exports::usual.
    ADD COLUMN export_rows_a_day integer CONSTRAINT organisations_export_rows_check CHECK (export_rows_a_day BETWEEN 1 AND 10000000),
    -- An export of more rows than this is told.
    ADD COLUMN export_alert_rows integer NOT NULL DEFAULT 500 CONSTRAINT organisations_export_alert_check CHECK (export_alert_rows BETWEEN 1 AND 10000000);

-- Entries of the audit log that are told.
CREATE TABLE alerts (
    organisation_id uuid NOT NULL CONSTRAINT alerts_organisation_fkey REFERENCES organisations,
    -- audit_events.sequence. Not a key of that table: what guards the log is its chain and its triggers.
    entry bigint NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT alerts_pkey PRIMARY KEY (organisation_id, entry)
);
SELECT guard_table('alerts');

-- Up to which entry somebody has seen the alerts. Each for themselves: nobody hides one from the others.
CREATE TABLE alert_marks (
    account_id uuid CONSTRAINT alert_marks_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    seen_until bigint NOT NULL,
    CONSTRAINT alert_marks_account_fkey FOREIGN KEY (organisation_id, account_id) REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('alert_marks');

ALTER TABLE recovery_mails
    -- What it tells of.
    ADD COLUMN alert bigint,
    ADD CONSTRAINT recovery_mails_alert_fkey FOREIGN KEY (organisation_id, alert) REFERENCES alerts (organisation_id, entry),
    DROP CONSTRAINT recovery_mails_kind_check,
    ADD CONSTRAINT recovery_mails_kind_check CHECK (kind IN (
        'links', 'code', 'usernames', 'factors', 'password', 'identity', 'address_confirm', 'address_asked', 'address_changed', 'alert')),
    ADD CONSTRAINT recovery_mails_alert_check CHECK ((kind = 'alert') = (alert IS NOT NULL));

-- Who is administrator of all schools at a moment. Arguments: organisation, moment.
CREATE FUNCTION administrators(uuid, timestamptz) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT r.person_id FROM staff_roles r JOIN organisations o ON o.id = r.organisation_id
    WHERE r.organisation_id = $1 AND r.role = 'administrator' AND r.school_id IS NULL
      AND daterange(r.starts_on, r.ends_on, '[]') @> ($2 AT TIME ZONE o.time_zone)::date
$$;
