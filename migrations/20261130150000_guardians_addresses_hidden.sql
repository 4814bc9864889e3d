-- Whether a restriction hides an adult's addresses on a day. Those who record restrictions see them all the same: they have to
-- reach the adult.
CREATE FUNCTION addresses_hidden_of(adult uuid, today date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM access_restrictions r
                   WHERE r.lifted_at IS NULL AND r.hides_addresses AND daterange(r.starts_on, r.ends_on, '[]') @> today
                     AND (r.adult_id = adult
                          OR r.adult_id IS NULL AND NOT adult = ANY (r.except_ids)
                             AND r.child_id IN (SELECT c.child_id FROM contacts c WHERE c.adult_id = adult)))
$$;
