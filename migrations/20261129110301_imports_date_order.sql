-- The order of the dates in a file is one for all its columns, and asked where the file does not show it.
ALTER TABLE imports
    -- What a person chose; NULL leaves it to the file.
    ADD COLUMN date_order text CONSTRAINT imports_date_order_check CHECK (date_order IN ('dmy', 'mdy', 'ymd'));

-- What columns say is now read when the file is uploaded, and says more than how many days came first.
UPDATE imports SET date_orders = NULL;
