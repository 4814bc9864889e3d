-- When every way in that was open ended, the last time: `backend::access::ending`. Whoever began to sign in before, with a
-- password that is not theirs any more, does not come in after it.
ALTER TABLE accounts ADD COLUMN ways_ended_at timestamptz;

-- When what is half done began: `backend::access::pending`. What was half done before this began then at the latest.
ALTER TABLE pending_sign_ins ADD COLUMN begun_at timestamptz;
UPDATE pending_sign_ins SET begun_at = expires_at - interval '10 minutes';
ALTER TABLE pending_sign_ins ALTER COLUMN begun_at SET NOT NULL;
