-- What reading a file found out about its rows: a JSON object from a row's number to its remarks. Null if nothing.
ALTER TABLE import_parts ADD COLUMN remarks text;
