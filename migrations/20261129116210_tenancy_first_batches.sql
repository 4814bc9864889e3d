-- The batch that first created an account is of a school of its owner too, as the present one is.
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
                                          AND w.school_id = o.school_id)));
    IF strangers > 0 THEN
        RAISE foreign_key_violation USING CONSTRAINT = 'accounts_batch_fkey',
            MESSAGE = 'a batch is of a school where the owner of the account is neither on the roll nor at work';
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER accounts_batch_update ON accounts;
CREATE TRIGGER accounts_batch_update AFTER UPDATE OF batch_id, first_batch_id ON accounts FOR EACH ROW
    WHEN (NEW.batch_id IS DISTINCT FROM OLD.batch_id OR NEW.first_batch_id IS DISTINCT FROM OLD.first_batch_id)
    EXECUTE FUNCTION check_new_batch();
