-- People, enrolments and addresses come by the hundred thousand too: their references are checked for all rows of a statement
-- at once, as those of accounts are (20261129042000). None of them ever changes; those who delete people hold a lock against
-- those who add something to them.

-- Arguments: the name of the constraint, the column, the table that it refers to.
CREATE FUNCTION check_reference() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    dangling boolean;
BEGIN
    IF TG_ARGV[2] = 'people' THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('people ' || organisation_id::text, 0))
        FROM (SELECT DISTINCT organisation_id FROM changed) AS of;
    END IF;
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM changed c WHERE NOT EXISTS (
             SELECT FROM %I p WHERE p.organisation_id = c.organisation_id AND p.id = c.%I))', TG_ARGV[2], TG_ARGV[1])
    INTO dangling;
    IF dangling THEN
        RAISE foreign_key_violation USING CONSTRAINT = TG_ARGV[0],
            MESSAGE = format('%s of %s refers to a row of %s that is not there', TG_ARGV[1], TG_TABLE_NAME, TG_ARGV[2]);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE foreign_key_violation USING CONSTRAINT = TG_ARGV[0],
        MESSAGE = format('a row of %s stays with what it belongs to', TG_TABLE_NAME);
END
$$;

ALTER TABLE enrolments DROP CONSTRAINT enrolments_person_fkey, DROP CONSTRAINT enrolments_school_fkey;
CREATE TRIGGER enrolments_person_insert AFTER INSERT ON enrolments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION check_reference('enrolments_person_fkey', 'person_id', 'people');
CREATE TRIGGER enrolments_school_insert AFTER INSERT ON enrolments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION check_reference('enrolments_school_fkey', 'school_id', 'schools');
CREATE TRIGGER enrolments_references_update BEFORE UPDATE OF organisation_id, person_id, school_id ON enrolments FOR EACH ROW
    WHEN (NEW.organisation_id <> OLD.organisation_id OR NEW.person_id <> OLD.person_id OR NEW.school_id <> OLD.school_id)
    EXECUTE FUNCTION keep_reference('enrolments_person_fkey');

ALTER TABLE addresses DROP CONSTRAINT addresses_person_fkey;
CREATE TRIGGER addresses_person_insert AFTER INSERT ON addresses REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION check_reference('addresses_person_fkey', 'person_id', 'people');
CREATE TRIGGER addresses_references_update BEFORE UPDATE OF organisation_id, person_id ON addresses FOR EACH ROW
    WHEN (NEW.organisation_id <> OLD.organisation_id OR NEW.person_id <> OLD.person_id)
    EXECUTE FUNCTION keep_reference('addresses_person_fkey');

CREATE OR REPLACE FUNCTION keep_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_usernames(organisation_id), pg_advisory_xact_lock(hashtextextended('people ' || organisation_id::text, 0))
    FROM (SELECT DISTINCT organisation_id FROM changed) AS of;
    IF EXISTS (SELECT FROM changed c JOIN accounts a ON a.organisation_id = c.organisation_id AND a.person_id = c.id) THEN
        RAISE foreign_key_violation USING CONSTRAINT = 'accounts_person_fkey', MESSAGE = 'an account belongs to a person';
    END IF;
    IF EXISTS (SELECT FROM changed c JOIN enrolments e ON e.person_id = c.id) THEN
        RAISE foreign_key_violation USING CONSTRAINT = 'enrolments_person_fkey', MESSAGE = 'an enrolment belongs to a person';
    END IF;
    IF EXISTS (SELECT FROM changed c JOIN addresses a ON a.person_id = c.id) THEN
        RAISE foreign_key_violation USING CONSTRAINT = 'addresses_person_fkey', MESSAGE = 'an address belongs to a person';
    END IF;
    RETURN NULL;
END
$$;
