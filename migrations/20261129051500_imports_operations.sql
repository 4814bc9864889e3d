-- Writing an import is an operation like others (backend::imports::commit::WriteImport).

ALTER TABLE imports
    -- The operation that wrote it. No reference: operations are deleted as their kind says.
    ADD COLUMN operation_id uuid;

-- Those that were written before have an operation of the same id, so that they can be undone for as long as before.
INSERT INTO operations (id, organisation_id, school_id, kind, account_id, created_at, input, plan_hash, size, ran_at, undone_at, undone_by, forget_at)
SELECT id, organisation_id, school_id, 'write_import', committed_by, committed_at, jsonb_build_object('import', id, 'file_name', file_name),
       coalesce(plan_hash, ''), row_count, committed_at, undone_at, undone_by, committed_at + interval '30 days'
FROM imports WHERE committed_at IS NOT NULL;
UPDATE imports SET operation_id = id WHERE committed_at IS NOT NULL;
