-- An invitation is a way into an account for its sender if they chose the address it goes to (`backend::credentials::ways_in`).
ALTER TABLE addresses
    -- Which account of staff typed this address, made it the primary one or wrote it with a file, and when; null: it came
    -- with its person, or its owner or the server's operator chose it.
    ADD COLUMN chosen_by uuid,
    ADD COLUMN chosen_at timestamptz;
-- Whether the invitation counts as a way in for its sender, because no second person approved it.
ALTER TABLE invitations ADD COLUMN way_in boolean NOT NULL DEFAULT false;
CREATE INDEX invitations_ways_in_idx ON invitations (created_by, created_at) WHERE way_in;
