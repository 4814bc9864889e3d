-- The owner of an account can also be an adult whom the school of the batch added, and who has no child there yet.
CREATE OR REPLACE FUNCTION check_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
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
                          WHERE w.organisation_id = c.organisation_id AND w.person_id = c.person_id AND w.school_id = o.school_id)
          AND NOT EXISTS (SELECT FROM contacts k JOIN enrolments e ON e.person_id = k.child_id AND e.school_id = o.school_id
                          WHERE k.organisation_id = c.organisation_id AND k.adult_id = c.person_id)
          AND p.added_at_school IS DISTINCT FROM o.school_id;
        IF missing > 0 THEN
            RAISE foreign_key_violation USING CONSTRAINT = 'accounts_person_fkey',
                MESSAGE = 'person_id of accounts refers to a row of people that is not there';
        ELSIF strangers > 0 THEN
            RAISE foreign_key_violation USING CONSTRAINT = 'accounts_batch_fkey',
                MESSAGE = 'a batch is of a school where the owner of the account is neither on the roll nor at work, nor a contact or an adult of it';
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION check_new_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    strangers bigint;
BEGIN
    SELECT count(*) INTO strangers
    FROM unnest(ARRAY[NEW.batch_id, NEW.first_batch_id]) AS batch (id)
    WHERE batch.id IS NOT NULL AND batch.id IS DISTINCT FROM OLD.batch_id AND batch.id IS DISTINCT FROM OLD.first_batch_id
      AND NOT EXISTS (SELECT FROM operations o
                      WHERE o.organisation_id = NEW.organisation_id AND o.id = batch.id
                        AND (EXISTS (SELECT FROM enrolments e
                                     WHERE e.organisation_id = o.organisation_id AND e.person_id = NEW.person_id
                                       AND e.school_id = o.school_id)
                             OR EXISTS (SELECT FROM employments w
                                        WHERE w.organisation_id = o.organisation_id AND w.person_id = NEW.person_id
                                          AND w.school_id = o.school_id)
                             OR EXISTS (SELECT FROM contacts k
                                        JOIN enrolments e ON e.person_id = k.child_id AND e.school_id = o.school_id
                                        WHERE k.organisation_id = o.organisation_id AND k.adult_id = NEW.person_id)
                             OR EXISTS (SELECT FROM people p
                                        WHERE p.organisation_id = o.organisation_id AND p.id = NEW.person_id
                                          AND p.added_at_school = o.school_id)));
    IF strangers > 0 THEN
        RAISE foreign_key_violation USING CONSTRAINT = 'accounts_batch_fkey',
            MESSAGE = 'a batch is of a school where the owner of the account is neither on the roll nor at work, nor a contact or an adult of it';
    END IF;
    RETURN NULL;
END
$$;
