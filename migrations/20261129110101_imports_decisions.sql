-- Columns that decide whether a row is imported, such as a status: their values and what each means.
ALTER TABLE imports ADD COLUMN decisions jsonb;
