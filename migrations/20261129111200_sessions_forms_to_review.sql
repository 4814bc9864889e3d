-- A form whose session had ended waits on its page, to be checked and sent again by its owner. One that waits for a
-- step-up has no page: it is sent unchanged.
ALTER TABLE interrupted_forms ADD COLUMN page text;
