-- How long passwords on cards work is chosen for each school: a choice of the organisation becomes that of its schools.

INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
SELECT s.organisation_id, s.id, g.setting, g.value, g.changed_at
FROM settings g JOIN schools s ON s.organisation_id = g.organisation_id
WHERE g.setting = 'card_days' AND g.school_id IS NULL
ON CONFLICT ON CONSTRAINT settings_setting_key DO NOTHING;

DELETE FROM settings WHERE setting = 'card_days' AND school_id IS NULL;
