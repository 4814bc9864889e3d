-- Operations: what was planned and ran together, or waits for a second person (OWASP ASVS 5.0, V2.3.5). They take the place of
-- batches and approvals, which nothing that was released knows.

CREATE TABLE operations (
    id uuid CONSTRAINT operations_pkey PRIMARY KEY,
    organisation_id uuid NOT NULL,
    school_id uuid NOT NULL,
    -- backend::operations::Operation::KIND
    kind text NOT NULL,
    -- Who asked. Null: the operator, from the command line.
    account_id uuid,
    created_at timestamptz NOT NULL,
    -- What was asked for, without whom it is about.
    input jsonb NOT NULL,
    -- While it waits: whom it is about, as they were when it was asked for. What is approved is what runs.
    people uuid[],
    -- domain::operations::facts: of the plan that ran, or that was asked for.
    plan_hash bytea NOT NULL,
    -- How many rows the plan has.
    size integer NOT NULL CONSTRAINT operations_size_check CHECK (size >= 0),
    -- Whether it may run only once somebody else has approved it.
    second_person boolean NOT NULL DEFAULT false,
    decided_at timestamptz,
    -- The account of the second person.
    decided_by uuid,
    approved boolean,
    ran_at timestamptz,
    undone_at timestamptz,
    -- Null where the operator undid it.
    undone_by uuid,
    -- When the row may be deleted. Null: never.
    forget_at timestamptz,
    CONSTRAINT operations_organisation_id_key UNIQUE (organisation_id, id),
    CONSTRAINT operations_school_fkey FOREIGN KEY (organisation_id, school_id) REFERENCES schools (organisation_id, id),
    CONSTRAINT operations_asked_check CHECK (NOT second_person OR account_id IS NOT NULL),
    CONSTRAINT operations_decided_check CHECK (num_nonnulls(decided_at, decided_by, approved) IN (0, CASE WHEN second_person THEN 3 ELSE 0 END)),
    CONSTRAINT operations_second_check CHECK (decided_by <> account_id),
    CONSTRAINT operations_ran_check CHECK (ran_at IS NULL OR NOT second_person OR approved),
    CONSTRAINT operations_undone_check CHECK (undone_at IS NULL OR ran_at IS NOT NULL)
);
-- The list of a school's batches; what one person did in a day; what waits for a second person; what may be deleted.
CREATE INDEX operations_school_idx ON operations (school_id, kind, created_at DESC);
CREATE INDEX operations_account_idx ON operations (account_id, kind, ran_at);
CREATE INDEX operations_asked_idx ON operations (organisation_id, created_at DESC) WHERE second_person;
CREATE INDEX operations_forget_idx ON operations (forget_at) WHERE forget_at IS NOT NULL;
SELECT guard_table('operations');

INSERT INTO operations (id, organisation_id, school_id, kind, account_id, created_at, input, plan_hash, size, ran_at, undone_at, undone_by)
SELECT id, organisation_id, school_id, 'create_accounts', created_by, created_at,
       jsonb_build_object('selection', '{"kind": "people", "ids": []}'::jsonb, 'naming', naming), plan_hash, size, created_at, undone_at, undone_by
FROM batches;

INSERT INTO operations (id, organisation_id, school_id, kind, account_id, created_at, input, plan_hash, size,
                        people, second_person, decided_at, decided_by, approved, ran_at, forget_at)
SELECT id, organisation_id, school_id, CASE matter ->> 'matter' WHEN 'export' THEN 'export_accounts' ELSE 'make_codes' END, account_id, asked_at,
       (matter - 'matter') || '{"selection": {"kind": "people", "ids": []}}',
       '', cardinality(people), CASE WHEN taken_at IS NULL THEN people END, true, decided_at, decided_by, approved, taken_at, asked_at + interval '30 days'
FROM approvals;

ALTER TABLE accounts DROP CONSTRAINT accounts_batch_fkey,
    -- The operation that made it.
    ADD CONSTRAINT accounts_batch_fkey FOREIGN KEY (organisation_id, batch_id) REFERENCES operations (organisation_id, id);
DROP TABLE batches;
DROP TABLE approvals;
