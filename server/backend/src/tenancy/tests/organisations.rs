//! Two organisations on one database, and queries that forgot their filter.

use domain::ids::OrganisationId;
use sqlx::PgPool;

use crate::Backend;
use crate::testing::{TestSchool, backend, student};

/// Two organisations, each with a school and a student.
async fn neighbours(backend: &Backend) -> (TestSchool, TestSchool) {
    let (ours, theirs) = (TestSchool::new(backend).await, TestSchool::new(backend).await);
    for at in [&ours, &theirs] {
        student(backend, at, "Ada", "Okoro", "000001", Some("ada@post.example")).await;
    }
    (ours, theirs)
}

async fn students_seen(backend: &Backend, organisation: OrganisationId) -> i64 {
    let mut transaction = backend.tenant_transaction(organisation).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM people JOIN enrolments ON enrolments.person_id = people.id")
        .fetch_one(&mut *transaction)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_query_that_forgot_its_filter_sees_its_own_organisation_alone(pool: PgPool) {
    let (backend, _) = backend(pool);
    let (ours, theirs) = neighbours(&backend).await;
    assert_eq!(students_seen(&backend, ours.organisation).await, 1);
    assert_eq!(students_seen(&backend, theirs.organisation).await, 1);
    assert_eq!(
        students_seen(&backend, OrganisationId(backend.new_id())).await,
        0,
        "a third organisation has nobody"
    );
    let mut transaction = backend.tenant_transaction(ours.organisation).await.unwrap();
    let listed: i64 =
        sqlx::query_scalar("SELECT count(*) FROM roll_entries").fetch_one(&mut *transaction).await.unwrap();
    assert_eq!(listed, 1, "a view shows no more than its tables");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nothing_of_a_neighbour_can_be_changed_or_made(pool: PgPool) {
    let (backend, _) = backend(pool);
    let (ours, theirs) = neighbours(&backend).await;
    let mut transaction = backend.tenant_transaction(ours.organisation).await.unwrap();
    let changed =
        sqlx::query("UPDATE people SET given_name = 'Mallory'").execute(&mut *transaction).await.unwrap();
    assert_eq!(changed.rows_affected(), 1);
    let removed = sqlx::query("DELETE FROM addresses WHERE organisation_id = $1")
        .bind(theirs.organisation.0)
        .execute(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(removed.rows_affected(), 0);
    let made = sqlx::query(
        "INSERT INTO schools (id, organisation_id, code, name, created_at) VALUES ($1, $2, 'OURS', 'Ours', now())",
    )
    .bind(backend.new_id::<uuid::Uuid>())
    .bind(theirs.organisation.0)
    .execute(&mut *transaction)
    .await;
    let refused = made.unwrap_err();
    assert_eq!(
        refused.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref(),
        Some("42501")
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_organisation_ends_with_the_transaction(pool: PgPool) {
    // One connection, so that the second transaction gets what the first one left behind.
    let one = sqlx::postgres::PgPoolOptions::new()
        .max_connections(1)
        .connect_with((*pool.connect_options()).clone())
        .await
        .unwrap();
    let (backend, _) = backend(one);
    let (ours, _) = neighbours(&backend).await;
    backend.tenant_transaction(ours.organisation).await.unwrap().commit().await.unwrap();
    let mut transaction = backend.database.raw().begin().await.unwrap();
    sqlx::query("SET LOCAL ROLE greencap_app").execute(&mut *transaction).await.unwrap();
    let seen: i64 =
        sqlx::query_scalar("SELECT count(*) FROM people").fetch_one(&mut *transaction).await.unwrap();
    assert_eq!(seen, 0, "without an organisation nobody is seen");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_table_is_guarded_and_the_roles_own_nothing(pool: PgPool) {
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity
           AND relname <> '_sqlx_migrations'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(open, Vec::<String>::new(), "call guard_table for these in the migration that makes them");
    let owned: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner WHERE rolname LIKE 'greencap\\_%'",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(owned, 0);
    let powers: Vec<(bool, bool, bool)> = sqlx::query_as(
        "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname IN ('greencap_app', 'greencap_system')",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(powers, [(false, false, false); 2]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_hangs_on_a_row_is_of_the_same_organisation(pool: PgPool) {
    // Every foreign key between two tables that have the organisation includes it.
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT c.conname::text FROM pg_constraint c
         JOIN pg_attribute ours ON ours.attrelid = c.conrelid AND ours.attname = 'organisation_id'
         JOIN pg_attribute theirs ON theirs.attrelid = c.confrelid AND theirs.attname = 'organisation_id'
         WHERE c.contype = 'f' AND NOT ours.attnum = ANY (c.conkey)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(loose, Vec::<String>::new());
}
