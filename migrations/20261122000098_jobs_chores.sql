-- Work that is done once in a while for the whole database, by whichever worker comes first: backend::jobs::retention.
CREATE TABLE chores (
    name text CONSTRAINT chores_pkey PRIMARY KEY,
    begun_at timestamptz NOT NULL
);
SELECT guard_table('chores');
