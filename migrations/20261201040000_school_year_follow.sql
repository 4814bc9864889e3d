-- Accounts follow the roll, have days on which they can be used, and a school moves to its next year.

ALTER TABLE accounts
    -- Both days included; null is open. Chosen by staff.
    ADD COLUMN valid_from date,
    ADD COLUMN valid_until date,
    -- The day on which the account of somebody who has not started yet opens. Set by the roll.
    ADD COLUMN roll_opens_on date,
    -- When the roll last stopped it. The stop is the roll's as long as suspended_at or closed_at is this moment:
    -- whatever a person does to an account afterwards is theirs.
    ADD COLUMN roll_stopped_at timestamptz,
    -- The day that stop was for. The next step counts from it, so that a clock that jumps skips none.
    ADD COLUMN roll_stopped_on date,
    -- When everything that opened the account was erased, after it had been closed.
    ADD COLUMN data_erased_at timestamptz,
    ADD CONSTRAINT accounts_valid_days_check CHECK (valid_until >= valid_from);

-- Whether an account can be used at a moment, by its days.
CREATE FUNCTION account_is_valid(of accounts, at timestamptz) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ($1).valid_from IS NULL AND ($1).valid_until IS NULL AND ($1).roll_opens_on IS NULL
        OR daterange(greatest(($1).valid_from, ($1).roll_opens_on), ($1).valid_until, '[]')
           @> (SELECT (at AT TIME ZONE o.time_zone)::date FROM organisations o WHERE o.id = ($1).organisation_id)
$$;

-- A school whose nightly changes wait.
CREATE TABLE nightly_holds (
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL CONSTRAINT nightly_holds_pkey PRIMARY KEY,
    -- The last day on which nothing is done.
    until date NOT NULL,
    held_by uuid,
    held_at timestamptz NOT NULL,
    CONSTRAINT nightly_holds_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
SELECT guard_table('nightly_holds');

-- What became of each night at a school.
CREATE TABLE nightly_runs (
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    day date NOT NULL,
    ran_at timestamptz NOT NULL,
    -- domain::school_year::night
    outcome text NOT NULL CONSTRAINT nightly_runs_outcome_check CHECK (outcome IN ('done', 'held', 'too_many', 'clock')),
    opened integer NOT NULL DEFAULT 0,
    suspended integer NOT NULL DEFAULT 0,
    closed integer NOT NULL DEFAULT 0,
    erased integer NOT NULL DEFAULT 0,
    CONSTRAINT nightly_runs_pkey PRIMARY KEY (school_id, day),
    CONSTRAINT nightly_runs_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id)
);
SELECT guard_table('nightly_runs');

-- A year is rolled over once.
ALTER TABLE academic_years
    ADD COLUMN rolled_over_at timestamptz,
    ADD COLUMN rolled_over_by uuid,
    ADD CONSTRAINT academic_years_rolled_over_check CHECK ((rolled_over_at IS NULL) = (rolled_over_by IS NULL)),
    ADD CONSTRAINT academic_years_rolled_over_by_fkey FOREIGN KEY (organisation_id, school_id, rolled_over_by)
        REFERENCES operations (organisation_id, school_id, id);
CREATE INDEX academic_years_rolled_over_by_idx ON academic_years (rolled_over_by) WHERE rolled_over_by IS NOT NULL;

-- What a rollover wrote, for its undo.
CREATE TABLE rollover_students (
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    enrolment_id uuid NOT NULL,
    was_year text NOT NULL,
    was_group text NOT NULL,
    was_ends_on date,
    now_year text NOT NULL,
    now_group text NOT NULL,
    now_ends_on date,
    created_at timestamptz NOT NULL,
    CONSTRAINT rollover_students_pkey PRIMARY KEY (operation_id, enrolment_id),
    CONSTRAINT rollover_students_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT rollover_students_operation_fkey FOREIGN KEY (organisation_id, school_id, operation_id)
        REFERENCES operations (organisation_id, school_id, id) ON DELETE CASCADE
);
SELECT guard_table('rollover_students');
CREATE TABLE rollover_groups (
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    group_id uuid NOT NULL,
    -- The group that goes on from it in the next year.
    next_id uuid,
    -- The memberships that it ended, with the last day they had before.
    ended jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    CONSTRAINT rollover_groups_pkey PRIMARY KEY (operation_id, group_id),
    CONSTRAINT rollover_groups_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT rollover_groups_operation_fkey FOREIGN KEY (organisation_id, school_id, operation_id)
        REFERENCES operations (organisation_id, school_id, id) ON DELETE CASCADE,
    CONSTRAINT rollover_groups_group_fkey FOREIGN KEY (organisation_id, school_id, group_id)
        REFERENCES groups (organisation_id, school_id, id) ON DELETE CASCADE,
    CONSTRAINT rollover_groups_next_fkey FOREIGN KEY (organisation_id, school_id, next_id)
        REFERENCES groups (organisation_id, school_id, id) ON DELETE CASCADE
);
CREATE INDEX rollover_groups_group_idx ON rollover_groups (group_id);
CREATE INDEX rollover_groups_next_idx ON rollover_groups (next_id);
SELECT guard_table('rollover_groups');
