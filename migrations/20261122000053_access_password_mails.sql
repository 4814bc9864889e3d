-- A message to whoever's password was changed.
ALTER TABLE recovery_mails
    DROP CONSTRAINT recovery_mails_kind_check,
    ADD CONSTRAINT recovery_mails_kind_check CHECK (kind IN ('links', 'code', 'usernames', 'factors', 'password'));
