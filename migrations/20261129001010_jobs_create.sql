-- Work that happens after the answer: backend::jobs.

CREATE TABLE jobs (
    id uuid CONSTRAINT jobs_pkey PRIMARY KEY,
    -- Null: work on the whole database, or for somebody of whom it is not known yet whose they are.
    organisation_id uuid CONSTRAINT jobs_organisation_fkey REFERENCES organisations,
    -- backend::jobs::job::Job::NAME
    name text NOT NULL,
    -- What it works on. Ids only: the job reads the rest when it runs, so that what changed in between counts.
    subject uuid,
    -- backend::jobs::job::Priority: a greater one is more urgent.
    priority smallint NOT NULL,
    -- Done every so often, and then due again: one row for each such job.
    scheduled boolean NOT NULL,
    state text NOT NULL CONSTRAINT jobs_state_check CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    -- When a worker may take it: now, or after a failure later; while it runs, when the lease ends.
    due_at timestamptz NOT NULL,
    -- Which worker has it: a worker that lost its lease can record nothing.
    lease uuid,
    -- How often it was begun since it last succeeded.
    attempts integer NOT NULL DEFAULT 0,
    -- How far it has come, as the job says.
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    -- A stable word for why the last run failed.
    failure text,
    created_at timestamptz NOT NULL,
    begun_at timestamptz,
    cancelled_at timestamptz,
    ended_at timestamptz
);
CREATE INDEX jobs_due_idx ON jobs (priority DESC, due_at) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_organisation_idx ON jobs (organisation_id, created_at);
CREATE INDEX jobs_ended_idx ON jobs (ended_at) WHERE state IN ('done', 'failed', 'cancelled');
CREATE UNIQUE INDEX jobs_schedule_key ON jobs (name) WHERE scheduled;
SELECT guard_table('jobs');

-- The daily clean-up goes on where `chores` stood; that table goes with the next release.
INSERT INTO jobs (id, name, priority, scheduled, state, due_at, created_at)
SELECT gen_random_uuid(), name, 0, true, 'queued', begun_at + interval '1 day', begun_at FROM chores WHERE name = 'retention';

-- What somebody asked for who cannot sign in is looked up by a job with the same id. A process of the version before this one
-- makes none: until that has ended, the table does.
INSERT INTO jobs (id, name, subject, priority, scheduled, state, due_at, created_at)
SELECT id, 'recovery_request', id, 2, false, 'queued', asked_at, asked_at FROM recovery_requests;

CREATE FUNCTION queue_recovery_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs (id, name, subject, priority, scheduled, state, due_at, created_at)
    VALUES (NEW.id, 'recovery_request', NEW.id, 2, false, 'queued', NEW.asked_at, NEW.asked_at)
    ON CONFLICT (id) DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER recovery_requests_queue AFTER INSERT ON recovery_requests
    FOR EACH ROW EXECUTE FUNCTION queue_recovery_request();
