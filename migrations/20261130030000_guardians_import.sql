-- What an undo of an import needs: an identifier of each key, and what a row was left as.

ALTER TABLE person_keys
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT person_keys_id_key UNIQUE;

CREATE FUNCTION fingerprint(of person_keys) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT hashtextextended(ROW(($1).series, ($1).comparable, ($1).person_id)::text, 0)
$$;
CREATE FUNCTION fingerprint(of postal_addresses) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT hashtextextended(ROW(($1).lines, ($1).postcode)::text, 0)
$$;
