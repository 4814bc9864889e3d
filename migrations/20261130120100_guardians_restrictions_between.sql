-- The restrictions between an adult and a child that nobody has lifted, of whatever dates: the one place that says whom a
-- restriction is about. PostgreSQL puts the function's statement into the one that calls it.
CREATE FUNCTION restrictions_between(adult uuid, child uuid) RETURNS SETOF access_restrictions LANGUAGE sql STABLE AS $$
    SELECT r.* FROM access_restrictions r
    WHERE r.child_id = child AND r.lifted_at IS NULL
      AND (r.adult_id = adult OR r.adult_id IS NULL AND NOT adult = ANY (r.except_ids))
$$;

CREATE OR REPLACE FUNCTION is_restricted(adult uuid, child uuid, today date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM restrictions_between(adult, child) r WHERE daterange(r.starts_on, r.ends_on, '[]') @> today)
$$;
