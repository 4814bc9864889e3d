-- Whoever somebody tried to come in as with wrong second factors is told.
ALTER TABLE recovery_mails
    DROP CONSTRAINT recovery_mails_kind_check,
    ADD CONSTRAINT recovery_mails_kind_check CHECK (kind IN (
        'links', 'code', 'usernames', 'factors', 'password', 'identity', 'address_confirm', 'address_asked', 'address_changed', 'guesses',
        'alert'));
