-- Making usernames asks which numbered forms of a name are taken: domain::accounts::taken::stem. With the index a
-- thousand new accounts cost the same beside a hundred usernames as beside a million. The organisation is left out of
-- it, so that no check of a foreign key on (organisation_id, username) can take it for the primary key's.
CREATE INDEX usernames_stem_idx ON usernames (rtrim(username, '0123456789-'));
