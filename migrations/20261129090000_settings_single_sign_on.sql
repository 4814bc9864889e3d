-- Whether a school lets its people in with a provider alone is a setting like others: domain::single_sign_on::settings.

INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
SELECT organisation_id, id, 'single_sign_on', '"required"', now() FROM schools WHERE single_sign_on_required;
-- Each sign-in asks for the few schools that require it.
CREATE INDEX settings_single_sign_on_idx ON settings (organisation_id, school_id)
    WHERE setting = 'single_sign_on' AND value = '"required"';

-- Whether a person's password no longer lets them in at a moment: a school of theirs requires a provider, and there is one.
-- Administrators of all schools keep theirs, so that a provider that is down locks nobody out for good.
-- Arguments: organisation, person, moment.
CREATE OR REPLACE FUNCTION password_is_off(uuid, uuid, timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM settings s
                   WHERE s.organisation_id = $1 AND s.setting = 'single_sign_on' AND s.value = '"required"'
                     AND (EXISTS (SELECT FROM enrolments e WHERE e.person_id = $2 AND e.school_id = s.school_id AND e.latest)
                          OR EXISTS (SELECT FROM staff_roles r
                                     WHERE r.person_id = $2 AND (r.school_id = s.school_id OR r.school_id IS NULL))))
       AND EXISTS (SELECT FROM identity_providers i WHERE i.organisation_id = $1 AND i.enabled)
       AND NOT EXISTS (SELECT FROM staff_roles r JOIN organisations o ON o.id = r.organisation_id
                       WHERE r.organisation_id = $1 AND r.person_id = $2 AND r.role = 'administrator' AND r.school_id IS NULL
                         AND daterange(r.starts_on, r.ends_on, '[]') @> ($3 AT TIME ZONE o.time_zone)::date)
$$;

-- Until the column is dropped, a process of the version before this one writes it, and what it writes holds.
CREATE FUNCTION forward_single_sign_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
    VALUES (NEW.organisation_id, NEW.id, 'single_sign_on',
            to_jsonb(CASE WHEN NEW.single_sign_on_required THEN 'required' ELSE 'optional' END), now())
    ON CONFLICT ON CONSTRAINT settings_setting_key DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER schools_forward_single_sign_on AFTER UPDATE OF single_sign_on_required ON schools
    FOR EACH ROW EXECUTE FUNCTION forward_single_sign_on();
