-- Whether a second person approved the code. Whom an approval named does not count against the limit of the one who made the
-- code (`backend::credentials::ways_in`).
ALTER TABLE password_resets ADD COLUMN approved boolean NOT NULL DEFAULT false;
