-- Choices that are rows of `settings` since 20261129013800 and 20261129090000.

DROP TRIGGER schools_forward_single_sign_on ON schools;
DROP FUNCTION forward_single_sign_on();
ALTER TABLE schools
    DROP COLUMN username_template,
    DROP COLUMN single_sign_on_required;
ALTER TABLE organisations
    DROP COLUMN second_factor_grace_days,
    DROP COLUMN export_rows_a_day,
    DROP COLUMN export_alert_rows,
    DROP COLUMN approval_over;
