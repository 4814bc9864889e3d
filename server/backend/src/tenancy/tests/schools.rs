//! Two schools of one organisation: what hangs on a row of one is of the same school.

use domain::ids::PersonId;
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::breaks_constraint;
use crate::testing::{TestSchool, backend, student};

/// Columns of tables with a school that refer to something without a foreign key, or whose key has no school to carry,
/// and why.
const WITHOUT_THE_SCHOOL: &[(&str, &str, &str)] = &[
    ("autocreate_runs", "created_by", "an account, which is of no one school and may be gone"),
    ("autocreate_runs", "operation_id", "an operation, which may be deleted before"),
    ("enrolments", "person_id", "checked for all rows at once (decision 0019); a person is of no one school"),
    ("erasures", "erased_by", "an account, which is of no one school and may be gone"),
    ("imports", "created_by", "an account, which is of no one school and may be gone"),
    ("imports", "committed_by", "an account, which is of no one school and may be gone"),
    ("imports", "undone_by", "an account, which is of no one school and may be gone"),
    ("nightly_holds", "held_by", "an account, which is of no one school and may be gone"),
    ("office_tasks", "done_by", "an account, which is of no one school and may be gone"),
    ("operations", "account_id", "an account, which is of no one school and may be gone"),
    ("operations", "decided_by", "an account, which is of no one school and may be gone"),
    ("operations", "undone_by", "an account, which is of no one school and may be gone"),
    ("operations", "job_id", "a job, which is of no school and is deleted before"),
    ("pastes", "group_id", "a group, which an undo may remove"),
    ("pastes", "operation_id", "an operation, which may be deleted before"),
    ("print_runs", "made_by", "an account, which is of no one school and may be gone"),
    ("print_runs", "voided_by", "an account, which is of no one school and may be gone"),
    ("rollover_students", "enrolment_id", "an enrolment, which an import's undo deletes"),
    ("staff_roles", "given_by", "an account, which is of no one school and may be gone"),
];

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_hangs_on_a_row_of_a_school_is_of_the_same_school(pool: PgPool) {
    // Every foreign key between two tables that have a school includes it, on both sides.
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT c.conname::text FROM pg_constraint c
         JOIN pg_attribute ours ON ours.attrelid = c.conrelid AND ours.attname = 'school_id'
         JOIN pg_attribute theirs ON theirs.attrelid = c.confrelid AND theirs.attname = 'school_id'
         WHERE c.contype = 'f' AND array_position(c.conkey, ours.attnum) IS DISTINCT FROM array_position(c.confkey, theirs.attnum)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(loose, Vec::<String>::new(), "let these carry school_id");

    // Every school is one of the same organisation.
    let unbound: Vec<String> = sqlx::query_scalar(
        "SELECT t.relname::text FROM pg_class t JOIN pg_attribute s ON s.attrelid = t.oid AND s.attname = 'school_id'
         WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
           AND NOT EXISTS (SELECT FROM pg_constraint c
                           WHERE c.conrelid = t.oid AND c.contype = 'f' AND c.confrelid = 'schools'::regclass
                             AND s.attnum = ANY (c.conkey) AND cardinality(c.conkey) = 2)
         ORDER BY 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(unbound, ["enrolments"], "enrolments are checked for all rows at once (decision 0019)");

    // What looks like a reference is one, or is named above with the reason.
    let unkept: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.relname::text, a.attname::text FROM pg_class t
         JOIN pg_attribute s ON s.attrelid = t.oid AND s.attname = 'school_id'
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.atttypid = 'uuid'::regtype AND a.attnum > 0 AND NOT a.attisdropped
         WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
           AND a.attname NOT IN ('id', 'organisation_id', 'school_id')
           AND NOT EXISTS (SELECT FROM pg_constraint c
                           WHERE c.conrelid = t.oid AND c.contype = 'f' AND a.attnum = ANY (c.conkey))
         ORDER BY 1, 2",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let mut named: Vec<_> = WITHOUT_THE_SCHOOL.iter().map(|(table, column, _)| (*table, *column)).collect();
    named.sort_unstable();
    let unkept: Vec<_> = unkept.iter().map(|(table, column)| (table.as_str(), column.as_str())).collect();
    assert_eq!(unkept, named, "give it a foreign key with the school, or say why not");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nothing_of_one_school_hangs_on_an_operation_of_another(pool: PgPool) {
    let (backend, _) = backend(pool);
    let here = TestSchool::new(&backend).await;
    let there = here.sibling(&backend, "OTHER", "Other").await;
    let ann = student(&backend, &here, "Ann", "Roe", "1", None).await;
    let bo = student(&backend, &there, "Bo", "Roe", "2", None).await;
    let database = backend.database.raw();
    let (mine, theirs): (Uuid, Uuid) = (backend.new_id(), backend.new_id());
    for (operation, school) in [(mine, here.school), (theirs, there.school)] {
        sqlx::query(
            "INSERT INTO operations (id, organisation_id, school_id, kind, created_at, input, plan_hash, size)
             VALUES ($1, $2, $3, 'create_accounts', now(), '{}', '', 1)",
        )
        .bind(operation)
        .bind(here.organisation.0)
        .bind(school.0)
        .execute(database)
        .await
        .unwrap();
    }
    let account = async |person: PersonId, batch: Uuid| {
        sqlx::query(
            "INSERT INTO accounts (id, organisation_id, person_id, username, state, batch_id, created_at)
             VALUES ($1, $2, $3, $1::text, 'created', $4, now())",
        )
        .bind(backend.new_id::<Uuid>())
        .bind(here.organisation.0)
        .bind(person.0)
        .bind(batch)
        .execute(database)
        .await
    };
    for (person, batch) in [(ann, theirs), (bo, mine), (ann, backend.new_id())] {
        let refused = account(person, batch).await.unwrap_err();
        assert!(breaks_constraint(&refused, "accounts_batch_fkey"), "{refused}");
    }
    let nobody = account(backend.new_id(), mine).await.unwrap_err();
    assert!(breaks_constraint(&nobody, "accounts_person_fkey"), "{nobody}");
    account(ann, mine).await.unwrap();
    account(bo, theirs).await.unwrap();
    for moved in [
        "UPDATE accounts SET batch_id = $1 WHERE person_id = $2",
        "UPDATE accounts SET first_batch_id = $1 WHERE person_id = $2",
    ] {
        let refused = sqlx::query(moved).bind(theirs).bind(ann.0).execute(database).await.unwrap_err();
        assert!(breaks_constraint(&refused, "accounts_batch_fkey"), "{moved}: {refused}");
    }

    let import = sqlx::query(
        "INSERT INTO imports (id, organisation_id, school_id, kind, file_name, state, columns, mapping, row_count, created_at, operation_id)
         VALUES ($1, $2, $3, 'students', 'roll.csv', 'staged', '[]', '[]', 0, now(), $4)",
    )
    .bind(backend.new_id::<Uuid>())
    .bind(here.organisation.0)
    .bind(here.school.0)
    .bind(theirs)
    .execute(database)
    .await
    .unwrap_err();
    assert!(breaks_constraint(&import, "imports_operation_fkey"), "{import}");
}
