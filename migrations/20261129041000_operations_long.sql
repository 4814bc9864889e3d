-- Long operations run as a job: they are stored before they run, say how far they have come, and can be cancelled until they are
-- committed (backend::operations::long).

ALTER TABLE operations
    -- The job that runs it, or ran it. Null: it ran in the request that asked for it, or waits for a second person.
    ADD COLUMN job_id uuid,
    -- Until the job ends: what was asked for in full, and how.
    ADD COLUMN queued jsonb,
    -- When and how it ended without running. Whatever it had written was rolled back.
    ADD COLUMN ended_at timestamptz,
    -- domain::operations::state::Ending
    ADD COLUMN ended_as text CONSTRAINT operations_ended_as_check CHECK (ended_as IN ('nothing', 'drifted', 'refused', 'failed', 'cancelled')),
    -- What to do about it, in the words of its kind, where it failed.
    ADD COLUMN ended_why text,
    -- Who was left out when it ran as a job: how many, by reason.
    ADD COLUMN left_out jsonb,
    ADD CONSTRAINT operations_queued_check CHECK (queued IS NULL OR job_id IS NOT NULL AND ran_at IS NULL AND ended_at IS NULL),
    ADD CONSTRAINT operations_ended_check CHECK (num_nonnulls(ended_at, ended_as) IN (0, CASE WHEN ran_at IS NULL THEN 2 ELSE 0 END));
-- Those that wait or run, for the pages of their school.
CREATE INDEX operations_queued_idx ON operations (school_id, created_at DESC) WHERE queued IS NOT NULL;

-- What a job is doing at the moment, in words for the person who waits.
ALTER TABLE jobs ADD COLUMN step text;
