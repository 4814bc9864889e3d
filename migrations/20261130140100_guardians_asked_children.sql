-- Set when an account becomes active without an answer about the children that it opens, such as with single sign-on. The
-- portal then asks before it shows anything of them.
ALTER TABLE accounts ADD COLUMN asks_children boolean NOT NULL DEFAULT false;
