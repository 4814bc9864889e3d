-- What rests for some days after staff changed how someone gets in (`backend::credentials::resting`).
ALTER TABLE accounts
    -- When the office or a file last changed the primary email, and which account did it; null: the server's operator.
    ADD COLUMN email_moved_at timestamptz,
    ADD COLUMN email_moved_by uuid,
    -- When staff last reset how its owner signs in, and which account did it: a one-time code that was used, second
    -- factors that were removed.
    ADD COLUMN staff_reset_at timestamptz,
    ADD COLUMN staff_reset_by uuid,
    -- Since when only a one-time code from the office opens it: undoing a change of address removed its last second
    -- factor, and the mailbox alone must not be enough.
    ADD COLUMN office_only_since timestamptz;
CREATE INDEX accounts_email_moved_idx ON accounts (email_moved_by, email_moved_at) WHERE email_moved_by IS NOT NULL;
