-- Whether the password that began a sign-in is shorter than the role of its owner asks for: they choose a longer one
-- before they get in.
ALTER TABLE pending_sign_ins ADD COLUMN short_password boolean NOT NULL DEFAULT false;
