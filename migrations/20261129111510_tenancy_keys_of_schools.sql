-- Keys between tables carry the school where both sides have one. Before, the database accepted an account of one school in
-- the batch of another, and an import that another school's operation had written.

-- An import whose operation is of another school, or was deleted, loses the reference alone: it can no longer be undone, which
-- holds for every import whose operation was deleted.
UPDATE imports i SET operation_id = NULL
WHERE operation_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM operations o
                  WHERE o.organisation_id = i.organisation_id AND o.school_id = i.school_id AND o.id = i.operation_id);
ALTER TABLE operations ADD CONSTRAINT operations_school_id_key UNIQUE (organisation_id, school_id, id);
ALTER TABLE imports ADD CONSTRAINT imports_operation_fkey FOREIGN KEY (organisation_id, school_id, operation_id)
    REFERENCES operations (organisation_id, school_id, id) ON DELETE SET NULL (operation_id);
CREATE INDEX imports_operation_idx ON imports (organisation_id, school_id, operation_id) WHERE operation_id IS NOT NULL;

-- Accounts belong to people, who can be at several schools, so no key can hold the school. A batch is made for people of its
-- school: the person who is put into one is, or was, on the school's roll or works there. Accounts that were made before are left as
-- they are, because their people may have left the roll since. Checked for all rows of a statement at once (decision 0019),
-- instead of whether the person is there: who is on a roll is.
CREATE FUNCTION check_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    strangers bigint;
    missing bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('people ' || organisation_id::text, 0))
    FROM (SELECT DISTINCT organisation_id FROM changed) AS of;
    -- Counted, not looked for: see check_reference.
    SELECT count(*) INTO strangers FROM changed c
    LEFT JOIN operations o ON o.organisation_id = c.organisation_id AND o.id = c.batch_id
    WHERE NOT EXISTS (SELECT FROM enrolments e
                      WHERE e.organisation_id = c.organisation_id AND e.person_id = c.person_id AND e.school_id = o.school_id);
    -- Students are most of those who get an account, and have the one look-up.
    IF strangers > 0 THEN
        SELECT count(*) FILTER (WHERE p.id IS NULL), count(*) INTO missing, strangers FROM changed c
        LEFT JOIN people p ON p.organisation_id = c.organisation_id AND p.id = c.person_id
        LEFT JOIN operations o ON o.organisation_id = c.organisation_id AND o.id = c.batch_id
        WHERE p.id IS NULL OR c.batch_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM enrolments e
                          WHERE e.organisation_id = c.organisation_id AND e.person_id = c.person_id AND e.school_id = o.school_id)
          AND NOT EXISTS (SELECT FROM employments w
                          WHERE w.organisation_id = c.organisation_id AND w.person_id = c.person_id AND w.school_id = o.school_id);
        IF missing > 0 THEN
            RAISE foreign_key_violation USING CONSTRAINT = 'accounts_person_fkey',
                MESSAGE = 'person_id of accounts refers to a row of people that is not there';
        ELSIF strangers > 0 THEN
            RAISE foreign_key_violation USING CONSTRAINT = 'accounts_batch_fkey',
                MESSAGE = 'a batch is of a school where the owner of the account is neither on the roll nor at work';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER accounts_person_insert ON accounts;
CREATE TRIGGER accounts_references_insert AFTER INSERT ON accounts REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION check_accounts();

-- A closed account that is opened again goes into the batch that opened it.
CREATE FUNCTION check_new_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM operations o
                   WHERE o.organisation_id = NEW.organisation_id AND o.id = NEW.batch_id
                     AND (EXISTS (SELECT FROM enrolments e
                                  WHERE e.organisation_id = o.organisation_id AND e.person_id = NEW.person_id
                                    AND e.school_id = o.school_id)
                          OR EXISTS (SELECT FROM employments w
                                     WHERE w.organisation_id = o.organisation_id AND w.person_id = NEW.person_id
                                       AND w.school_id = o.school_id))) THEN
        RAISE foreign_key_violation USING CONSTRAINT = 'accounts_batch_fkey',
            MESSAGE = 'a batch is of a school where the owner of the account is neither on the roll nor at work';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER accounts_batch_update AFTER UPDATE OF batch_id ON accounts FOR EACH ROW
    WHEN (NEW.batch_id IS NOT NULL AND NEW.batch_id IS DISTINCT FROM OLD.batch_id AND NEW.batch_id IS DISTINCT FROM OLD.first_batch_id)
    EXECUTE FUNCTION check_new_batch();
