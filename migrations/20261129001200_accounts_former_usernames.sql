-- The username of an account stands on the account alone. Those of accounts that are gone are kept beside: they belong for ever to
-- the person they were made for. One row and four indexes less for each account that is made.

-- domain::accounts::taken::stem. A column, since row-level security lets no index on an expression look for it: whether `rtrim`
-- tells somebody else's values is not known, whether `=` does is.
ALTER TABLE accounts ADD COLUMN username_stem text NOT NULL GENERATED ALWAYS AS (rtrim(username, '0123456789-')) STORED,
    DROP CONSTRAINT accounts_username_fkey;
CREATE INDEX accounts_username_stem_idx ON accounts (username_stem);

ALTER TABLE usernames RENAME TO former_usernames;
ALTER TABLE former_usernames RENAME CONSTRAINT usernames_pkey TO former_usernames_pkey;
ALTER TABLE former_usernames RENAME CONSTRAINT usernames_person_fkey TO former_usernames_person_fkey;
ALTER INDEX usernames_person_idx RENAME TO former_usernames_person_idx;
DROP INDEX usernames_stem_idx;
DELETE FROM former_usernames f USING accounts a WHERE a.organisation_id = f.organisation_id AND a.username = f.username;
ALTER TABLE former_usernames ADD COLUMN username_stem text NOT NULL GENERATED ALWAYS AS (rtrim(username, '0123456789-')) STORED;
CREATE INDEX former_usernames_stem_idx ON former_usernames (username_stem);

-- Every username that was ever made, and whose it is.
CREATE VIEW usernames WITH (security_invoker = true) AS
    SELECT organisation_id, username, username_stem, person_id, created_at FROM accounts
    UNION ALL
    SELECT organisation_id, username, username_stem, person_id, created_at FROM former_usernames;
GRANT SELECT ON usernames TO greencap_app, greencap_system;

-- An account that goes leaves its username to the same person.
CREATE FUNCTION keep_usernames() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO former_usernames (organisation_id, username, person_id, created_at)
    SELECT organisation_id, username, person_id, created_at FROM changed;
    RETURN NULL;
END
$$;
CREATE TRIGGER accounts_usernames_delete AFTER DELETE ON accounts REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION keep_usernames();

-- An account is never given what was somebody else's. Those who make accounts hold the lock on usernames, so that none goes
-- while this looks.
CREATE FUNCTION take_usernames() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM former_usernames f JOIN changed c ON c.organisation_id = f.organisation_id AND c.username = f.username
               WHERE f.person_id <> c.person_id) THEN
        RAISE unique_violation USING CONSTRAINT = 'accounts_former_username_check',
            MESSAGE = 'a username belongs to the person it was made for';
    END IF;
    DELETE FROM former_usernames f USING changed c WHERE c.organisation_id = f.organisation_id AND c.username = f.username;
    RETURN NULL;
END
$$;
CREATE TRIGGER accounts_usernames_insert AFTER INSERT ON accounts REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION take_usernames();

-- Room on each page for the row's next version: it goes there, and no index has to know.
ALTER TABLE accounts SET (fillfactor = 50);

CREATE OR REPLACE FUNCTION analyze_accounts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    ANALYZE accounts, former_usernames;
END
$$;
