-- What comes back from a provider is a proof anew where it was asked for one, or says when it took the last.
ALTER TABLE provider_visits ADD COLUMN asked_anew boolean NOT NULL DEFAULT false;

-- When whoever signs in last proved who they are, for the session that this leads to; the epoch where nobody can tell.
ALTER TABLE unlinked_identities ADD COLUMN proven_at timestamptz NOT NULL DEFAULT 'epoch';
ALTER TABLE pending_sign_ins ADD COLUMN proven_at timestamptz NOT NULL DEFAULT 'epoch';
