//! Undoing a rollover: students are where they were, unless they were changed since; the new groups go and the old ones
//! are open again.

use sqlx::PgConnection;
use sqlx::error::DatabaseError;
use uuid::Uuid;

use crate::operations::OperationContext;
use crate::{Error, Result};

/// Reverts what the operation wrote, and returns how many rows went back.
pub(super) async fn undo(work: &mut OperationContext<'_>) -> Result<u64> {
    let (organisation, operation) = (work.school.organisation.0, work.operation.0);
    refuse_used(work.connection, organisation, operation).await?;
    let students = sqlx::query(
        "UPDATE enrolments e
         SET year_group = r.was_year, registration_group = r.was_group, ends_on = r.was_ends_on, updated_at = $3
         FROM rollover_students r
         WHERE r.organisation_id = $1 AND r.operation_id = $2 AND e.organisation_id = $1 AND e.id = r.enrolment_id
           AND e.year_group = r.now_year AND e.registration_group = r.now_group
           AND e.ends_on IS NOT DISTINCT FROM r.now_ends_on",
    )
    .bind(organisation)
    .bind(operation)
    .bind(work.backend.now())
    .execute(&mut *work.connection)
    .await?
    .rows_affected();
    let groups = reopen(work.connection, organisation, operation).await?;
    remove_new(work.connection, organisation, operation).await?;
    sqlx::query(
        "UPDATE academic_years SET rolled_over_at = NULL, rolled_over_by = NULL
         WHERE organisation_id = $1 AND rolled_over_by = $2",
    )
    .bind(organisation)
    .bind(operation)
    .execute(&mut *work.connection)
    .await?;
    Ok(students + groups)
}

/// Refuses, by name, if somebody was added to one of the new groups since.
async fn refuse_used(connection: &mut PgConnection, organisation: Uuid, operation: Uuid) -> Result<()> {
    let used: Vec<String> = sqlx::query_scalar(
        "SELECT g.name FROM rollover_groups r JOIN groups g ON g.organisation_id = $1 AND g.id = r.next_id
         WHERE r.organisation_id = $1 AND r.operation_id = $2
           AND EXISTS (SELECT FROM group_members m
                       WHERE m.organisation_id = $1 AND m.group_id = r.next_id AND m.created_at > r.created_at)
         ORDER BY lower(g.name) LIMIT 5",
    )
    .bind(organisation)
    .bind(operation)
    .fetch_all(connection)
    .await?;
    if used.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(
        "groups_used",
        format!(
            "Students were added to new groups since: {}. Move them to other groups and close those, or leave the rollover as it is.",
            used.join(", ")
        ),
    ))
}

/// Opens the groups again that the rollover closed, and gives their students back the days they had.
async fn reopen(connection: &mut PgConnection, organisation: Uuid, operation: Uuid) -> Result<u64> {
    let opened = sqlx::query(
        "WITH rolled AS (
             SELECT group_id, ended, created_at FROM rollover_groups WHERE organisation_id = $1 AND operation_id = $2
         ), members AS (
             UPDATE group_members m SET ends_on = was.ends_on
             FROM rolled CROSS JOIN LATERAL jsonb_to_recordset(rolled.ended) AS was (id uuid, ends_on date)
             WHERE m.organisation_id = $1 AND m.id = was.id
         )
         UPDATE groups g SET closed_at = NULL FROM rolled
         WHERE g.organisation_id = $1 AND g.id = rolled.group_id AND g.closed_at = rolled.created_at",
    )
    .bind(organisation)
    .bind(operation)
    .execute(connection)
    .await?;
    Ok(opened.rows_affected())
}

/// Removes the groups that went on.
async fn remove_new(connection: &mut PgConnection, organisation: Uuid, operation: Uuid) -> Result<()> {
    let new: Vec<Uuid> = sqlx::query_scalar(
        "SELECT next_id FROM rollover_groups
         WHERE organisation_id = $1 AND operation_id = $2 AND next_id IS NOT NULL",
    )
    .bind(organisation)
    .bind(operation)
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query("UPDATE rollover_groups SET next_id = NULL WHERE organisation_id = $1 AND operation_id = $2")
        .bind(organisation)
        .bind(operation)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "WITH members AS (
             DELETE FROM group_members WHERE organisation_id = $1 AND group_id = ANY($2)
         ), courses AS (
             DELETE FROM group_courses WHERE organisation_id = $1 AND group_id = ANY($2)
         )
         DELETE FROM staff_roles WHERE organisation_id = $1 AND group_id = ANY($2)",
    )
    .bind(organisation)
    .bind(&new)
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM groups WHERE organisation_id = $1 AND id = ANY($2)")
        .bind(organisation)
        .bind(&new)
        .execute(connection)
        .await
        .map_err(|error| {
            if error.as_database_error().is_some_and(DatabaseError::is_foreign_key_violation) {
                Error::conflict(
                    "groups_used",
                    "Something was done with the new groups since, so the rollover can no longer be undone.",
                )
            } else {
                error.into()
            }
        })?;
    Ok(())
}
