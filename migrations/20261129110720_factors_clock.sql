-- The steps of codes that were not accepted because the clock of the phone was off. Their reader was told so, so these
-- codes are not accepted when their time comes (`backend::factors::check`).
ALTER TABLE authenticators ADD COLUMN told_steps bigint[] NOT NULL DEFAULT '{}';
