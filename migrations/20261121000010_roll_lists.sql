-- Lists of students: one view of what they show, the rules that SQL shares with the domain, and the record of what
-- changed that lets a process keep a school's roll in memory and never show an old one.

-- domain::roll::status::RollStatus::on
CREATE FUNCTION roll_status_on(day date, starts_on date, ends_on date) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN ends_on < day THEN 'leaver' WHEN starts_on > day THEN 'future' ELSE 'current' END
$$;

-- domain::accounts::status::Status::of and ::group; a test compares the two over every combination.
CREATE FUNCTION account_status_group(state text, delivery text, expires_at timestamptz, has_email boolean, at timestamptz)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN state IS NULL THEN 'no_account'
        WHEN state = 'created' AND has_email THEN 'not_invited'
        WHEN state = 'active' THEN 'active'
        WHEN state IN ('suspended', 'closed') THEN 'disabled'
        WHEN state = 'invited' AND expires_at > at AND delivery IS DISTINCT FROM 'bounced' AND delivery IS DISTINCT FROM 'failed'
            THEN 'invited'
        ELSE 'attention'
    END
$$;

-- One row per student and school: the enrolment that stands for them, the address that invitations go to, the account.
CREATE VIEW roll_entries AS
SELECT e.organisation_id, e.school_id, e.person_id,
       p.given_name, p.family_name, p.preferred_name, p.sort_key,
       -- A username is lower-case letters, digits and three signs: this is domain::roll::fold::fold of it.
       p.search_key || coalesce(' ' || translate(a.username, '.-_', '   '), '') AS search_key,
       e.admission_number, e.year_group, e.registration_group, e.starts_on, e.ends_on,
       m.value AS email,
       a.id AS account_id, a.username, a.state, a.delivery_state, a.invitation_opened_at, a.invitation_expires_at,
       a.created_at AS account_created_at, a.invited_at, a.activated_at, a.suspended_at, a.locked_at, a.closed_at,
       a.last_sign_in_at
FROM enrolments e
JOIN people p ON p.id = e.person_id
LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
LEFT JOIN accounts a ON a.organisation_id = e.organisation_id AND a.person_id = e.person_id
WHERE e.latest;

-- Which people a transaction touched. A process that holds a roll in memory knows the snapshot (PostgreSQL, "System
-- Information Functions") that it read it in; what is visible now and was not then is what it has to read again.
CREATE TABLE roll_changes (
    organisation_id uuid NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    -- Null: more people than are worth naming.
    person_id uuid,
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX roll_changes_xid_idx ON roll_changes (organisation_id, xid);
CREATE INDEX roll_changes_noted_idx ON roll_changes (noted_at);

CREATE FUNCTION note_roll_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM changed LIMIT 501) AS few) > 500 THEN
        INSERT INTO roll_changes (organisation_id) SELECT DISTINCT organisation_id FROM changed;
    ELSIF TG_TABLE_NAME = 'people' THEN
        INSERT INTO roll_changes (organisation_id, person_id) SELECT organisation_id, id FROM changed;
    ELSE
        INSERT INTO roll_changes (organisation_id, person_id) SELECT DISTINCT organisation_id, person_id FROM changed;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER people_changes_insert AFTER INSERT ON people REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER people_changes_update AFTER UPDATE ON people REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER enrolments_changes_insert AFTER INSERT ON enrolments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER enrolments_changes_update AFTER UPDATE ON enrolments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER enrolments_changes_delete AFTER DELETE ON enrolments REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER addresses_changes_insert AFTER INSERT ON addresses REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER addresses_changes_update AFTER UPDATE ON addresses REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER addresses_changes_delete AFTER DELETE ON addresses REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER accounts_changes_insert AFTER INSERT ON accounts REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER accounts_changes_update AFTER UPDATE ON accounts REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();
CREATE TRIGGER accounts_changes_delete AFTER DELETE ON accounts REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_roll_changes();

-- Lists are filtered and sorted in memory, bulk operations read a school as a whole: nothing uses these any more, and
-- the first made every import slower.
DROP INDEX people_search_key_idx;
DROP INDEX people_sort_key_idx;
