-- Addresses that were removed, for a few days, so that a mistake is undone by one click.
CREATE TABLE removed_addresses (
    -- The id that it had and gets again: messages refer to it.
    id uuid CONSTRAINT removed_addresses_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT removed_addresses_kind_check CHECK (kind IN ('email', 'phone')),
    value text NOT NULL,
    comparable text NOT NULL,
    was_primary boolean NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz NOT NULL,
    CONSTRAINT removed_addresses_person_fkey FOREIGN KEY (organisation_id, person_id)
        REFERENCES people (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX removed_addresses_person_idx ON removed_addresses (organisation_id, person_id);
CREATE INDEX removed_addresses_removed_idx ON removed_addresses (removed_at);
SELECT guard_table('removed_addresses');
