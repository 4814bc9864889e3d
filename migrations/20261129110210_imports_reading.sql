-- How a file was read: its encoding, sheet and header row, what the person asked for, and names in the encodings they
-- could be in. Null for imports from before.
ALTER TABLE imports ADD COLUMN reading jsonb;
