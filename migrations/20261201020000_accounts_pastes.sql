-- Lists of people that were pasted to create their accounts: kept while they wait for a second person or a job, and then
-- only what an undo needs.

CREATE TABLE pastes (
    id uuid CONSTRAINT pastes_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    -- The rows and their group, until they ran.
    content jsonb,
    -- What ran.
    operation_id uuid,
    group_id uuid,
    -- Whether the group was created with them.
    made_group boolean NOT NULL DEFAULT false,
    -- Who was put on the roll, and who became a member of the group.
    made_people uuid[] NOT NULL DEFAULT '{}',
    joined_people uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    CONSTRAINT pastes_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT pastes_ran_check CHECK (operation_id IS NULL OR content IS NULL)
);
CREATE UNIQUE INDEX pastes_operation_key ON pastes (operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX pastes_waiting_idx ON pastes (created_at) WHERE content IS NOT NULL;
SELECT guard_table('pastes');
