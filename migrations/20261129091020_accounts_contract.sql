-- Where an invitation stands is read from `invitations` and `messages` (20261129042000): these columns were a second copy of it.

ALTER TABLE accounts
    DROP COLUMN delivery_state,
    DROP COLUMN invitation_opened_at,
    DROP COLUMN invitation_expires_at,
    DROP COLUMN invited_at;
