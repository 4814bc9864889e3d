-- A kept form goes on in the browser that sent it: nobody lets another one's owner prove themselves for a form of theirs.
-- The hash of what the browser is known by; none for one that is not known.
ALTER TABLE interrupted_forms ADD COLUMN device_hash bytea;
