-- A third kind of decision about a row that an import holds back: which of several rows of the file about one person
-- counts (domain::imports::held::HeldReason::is_of_rows). A row can need all three.
ALTER TABLE import_choices
    ADD COLUMN of_rows boolean NOT NULL DEFAULT false,
    -- The other row, where the decision is that both are about one person.
    ADD COLUMN of_row integer;
UPDATE import_choices SET of_rows = true WHERE reason = 'same_person';
ALTER TABLE import_choices DROP CONSTRAINT import_choices_pkey;
ALTER TABLE import_choices ADD CONSTRAINT import_choices_pkey PRIMARY KEY (import_id, row_number, of_address, of_rows);
