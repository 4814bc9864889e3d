-- When the person who opened an invitation said which of the children it names are theirs.
ALTER TABLE invitations ADD COLUMN children_answered_at timestamptz;
