-- Usernames with a number inside, such as 0042smith, are found by what is around it: domain::accounts::taken::around. Before,
-- a pattern of that kind read every username of the organisation. Few usernames are of that kind, so the index is small, and
-- creating the others costs no more.

ALTER TABLE accounts ADD COLUMN username_around text COLLATE "C" GENERATED ALWAYS AS (
    nullif(translate(rtrim(username, '0123456789-'), '0123456789', ''), rtrim(username, '0123456789-'))) STORED;
CREATE INDEX accounts_username_around_idx ON accounts (username_around) WHERE username_around IS NOT NULL;
ALTER TABLE former_usernames ADD COLUMN username_around text COLLATE "C" GENERATED ALWAYS AS (
    nullif(translate(rtrim(username, '0123456789-'), '0123456789', ''), rtrim(username, '0123456789-'))) STORED;
CREATE INDEX former_usernames_around_idx ON former_usernames (username_around) WHERE username_around IS NOT NULL;

CREATE OR REPLACE VIEW usernames WITH (security_invoker = true) AS
    SELECT organisation_id, username, username_stem, person_id, created_at, username_around FROM accounts
    UNION ALL
    SELECT organisation_id, username, username_stem, person_id, created_at, username_around FROM former_usernames;
