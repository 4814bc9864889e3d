-- The day on which an account that cannot be used yet opens, by its days; null if it can be used, or no longer.
CREATE FUNCTION account_opens_on(of accounts, at timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT greatest(($1).valid_from, ($1).roll_opens_on) FROM organisations o
    WHERE o.id = ($1).organisation_id
      AND greatest(($1).valid_from, ($1).roll_opens_on) > (at AT TIME ZONE o.time_zone)::date
$$;
