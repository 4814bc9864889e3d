-- What organisations and schools choose, a row each. What a setting is, is declared where it belongs: domain::registry.

CREATE TABLE settings (
    organisation_id uuid NOT NULL CONSTRAINT settings_organisation_fkey REFERENCES organisations,
    -- Null: for the whole organisation.
    school_id uuid,
    setting text NOT NULL,
    value jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT settings_setting_key UNIQUE NULLS NOT DISTINCT (organisation_id, school_id, setting),
    CONSTRAINT settings_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
SELECT guard_table('settings');

-- What was chosen before. The columns are read no more, and go with the next release.
INSERT INTO settings (organisation_id, setting, value, changed_at)
SELECT o.id, chosen.setting, chosen.value, now()
FROM organisations o
CROSS JOIN LATERAL (VALUES
    ('second_factor_grace_days', to_jsonb(o.second_factor_grace_days)),
    ('export_rows_a_day', to_jsonb(o.export_rows_a_day)),
    ('export_alert_rows', to_jsonb(o.export_alert_rows)),
    ('approval_over', to_jsonb(o.approval_over))) AS chosen (setting, value)
WHERE chosen.value IS NOT NULL;
INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
SELECT organisation_id, id, 'username_template', username_template, now() FROM schools WHERE username_template IS NOT NULL;
