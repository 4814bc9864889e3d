-- Invitations that staff print and hand over, to adults without an email address. They have no message.
ALTER TABLE invitations DROP CONSTRAINT invitations_channel_check;
ALTER TABLE invitations ADD CONSTRAINT invitations_channel_check CHECK (channel IN ('email', 'paper'));
