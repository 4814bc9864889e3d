-- What an address or a number is, as a file says it: "Work", "Mum", "ext. 12".
ALTER TABLE addresses ADD COLUMN label text NOT NULL DEFAULT ''
    CONSTRAINT addresses_label_check CHECK (length(label) <= 40);
