-- Simulations of accounts for guardians: what each would do, pair by pair, and what became of it. A simulation is the plan
-- that is run, and it expires.

CREATE TABLE autocreate_runs (
    id uuid CONSTRAINT autocreate_runs_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    -- The account of who simulated it; null on the command line.
    created_by uuid,
    expires_at timestamptz NOT NULL,
    -- domain::guardians::autocreate::options
    options jsonb NOT NULL,
    -- The school's default access when it was simulated: domain::guardians::access.
    access jsonb NOT NULL,
    counts jsonb NOT NULL,
    plan_hash bytea NOT NULL,
    operation_id uuid,
    applied_at timestamptz,
    -- How many pairs were left out because something had changed.
    changed integer NOT NULL DEFAULT 0,
    undone_at timestamptz,
    -- Whether accounts that were in use stayed when it was undone.
    undone_in_part boolean NOT NULL DEFAULT false,
    CONSTRAINT autocreate_runs_organisation_id_key UNIQUE (organisation_id, id),
    CONSTRAINT autocreate_runs_applied_check CHECK ((applied_at IS NULL) = (operation_id IS NULL)),
    CONSTRAINT autocreate_runs_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
CREATE INDEX autocreate_runs_school_idx ON autocreate_runs (school_id, created_at);
CREATE INDEX autocreate_runs_operation_idx ON autocreate_runs (operation_id) WHERE operation_id IS NOT NULL;
SELECT guard_table('autocreate_runs');

-- One row for each adult and child. People are not referred to by a key: a simulation does not keep anybody from being removed,
-- and who is gone has changed.
CREATE TABLE autocreate_pairs (
    organisation_id uuid NOT NULL,
    run_id uuid NOT NULL,
    number integer NOT NULL,
    household integer NOT NULL,
    contact_id uuid NOT NULL,
    adult_id uuid NOT NULL,
    child_id uuid NOT NULL,
    outcome text NOT NULL CONSTRAINT autocreate_pairs_outcome_check CHECK (outcome <> ''),
    rule text NOT NULL,
    username text,
    -- Of the facts: another one later means that something has changed.
    revision bigint NOT NULL,
    facts jsonb NOT NULL,
    -- Whether it was left out because something had changed.
    changed boolean NOT NULL DEFAULT false,
    CONSTRAINT autocreate_pairs_pkey PRIMARY KEY (run_id, number),
    CONSTRAINT autocreate_pairs_run_fkey FOREIGN KEY (organisation_id, run_id)
        REFERENCES autocreate_runs (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('autocreate_pairs');

-- The children whom a run would leave with no adult.
CREATE TABLE autocreate_alone (
    organisation_id uuid NOT NULL,
    run_id uuid NOT NULL,
    number integer NOT NULL,
    child_id uuid NOT NULL,
    contacts integer NOT NULL,
    CONSTRAINT autocreate_alone_pkey PRIMARY KEY (run_id, number),
    CONSTRAINT autocreate_alone_run_fkey FOREIGN KEY (organisation_id, run_id)
        REFERENCES autocreate_runs (organisation_id, id) ON DELETE CASCADE
);
SELECT guard_table('autocreate_alone');
