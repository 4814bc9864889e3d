-- "Send me a new code" on the page of an invitation is looked up after the answer too, by the token of its link.
ALTER TABLE recovery_requests
    DROP CONSTRAINT recovery_requests_kind_check,
    -- backend::recovery::requests::RecoveryKind
    ADD CONSTRAINT recovery_requests_kind_check
        CHECK (kind IN ('links', 'usernames', 'invitation', 'invitation_of_link'));
