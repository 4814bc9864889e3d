-- A row of a list of accounts can need a third decision: what becomes of a login that cannot be a username.
ALTER TABLE import_choices ADD COLUMN of_login boolean NOT NULL DEFAULT false;
ALTER TABLE import_choices DROP CONSTRAINT import_choices_pkey;
ALTER TABLE import_choices ADD CONSTRAINT import_choices_pkey PRIMARY KEY (import_id, row_number, of_address, of_rows, of_login);
