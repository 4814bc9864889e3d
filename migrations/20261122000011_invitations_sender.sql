-- Who sent an invitation. Null: the command line, or the student who asked for a fresh one.
ALTER TABLE invitations ADD COLUMN created_by uuid;
