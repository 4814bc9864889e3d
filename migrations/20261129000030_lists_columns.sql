-- Which columns of a list somebody at the office wants to see. No row: the list decides.
CREATE TABLE column_choices (
    organisation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- As the list declares it, such as 'students'.
    list text NOT NULL,
    -- Slugs of columns; of those shown, the ones that give way last come first.
    shown text[] NOT NULL,
    hidden text[] NOT NULL,
    CONSTRAINT column_choices_pkey PRIMARY KEY (organisation_id, account_id, list),
    CONSTRAINT column_choices_account_fkey FOREIGN KEY (organisation_id, account_id)
        REFERENCES accounts (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('column_choices');
