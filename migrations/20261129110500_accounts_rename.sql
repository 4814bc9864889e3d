-- Usernames that change. The old one stays its person's; it signs in until a moment, if that was wanted, and then never again.

ALTER TABLE former_usernames
    -- The operation that replaced it, with which username, and when. Null: its account was removed.
    ADD COLUMN operation_id uuid,
    ADD COLUMN replaced_by text COLLATE "C",
    ADD COLUMN replaced_at timestamptz,
    ADD COLUMN signs_in_until timestamptz,
    ADD CONSTRAINT former_usernames_operation_fkey
        FOREIGN KEY (organisation_id, operation_id) REFERENCES operations (organisation_id, id);
CREATE INDEX former_usernames_operation_idx ON former_usernames (operation_id) WHERE operation_id IS NOT NULL;

-- What someone may type to sign in, and until when. Null: as long as it is theirs.
CREATE VIEW sign_in_names WITH (security_invoker = true) AS
    SELECT organisation_id, person_id, username, NULL::timestamptz AS until FROM accounts
    UNION ALL
    SELECT organisation_id, person_id, username, signs_in_until FROM former_usernames WHERE signs_in_until IS NOT NULL;
GRANT SELECT ON sign_in_names TO greencap_app, greencap_system;

-- An account whose username changes never gets what was somebody else's, and its own old one stays its person's. Those who
-- change usernames hold the lock on them, as those who create accounts do.
CREATE FUNCTION change_username() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM former_usernames f
               WHERE f.organisation_id = NEW.organisation_id AND f.username = NEW.username AND f.person_id <> NEW.person_id) THEN
        RAISE unique_violation USING CONSTRAINT = 'accounts_former_username_check',
            MESSAGE = 'a username belongs to the person it was made for';
    END IF;
    DELETE FROM former_usernames f WHERE f.organisation_id = NEW.organisation_id AND f.username = NEW.username;
    INSERT INTO former_usernames (organisation_id, username, person_id, created_at)
    VALUES (OLD.organisation_id, OLD.username, OLD.person_id, OLD.created_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER accounts_usernames_update AFTER UPDATE OF username ON accounts FOR EACH ROW
    WHEN (OLD.username <> NEW.username) EXECUTE FUNCTION change_username();
