//! Undoing a list while nothing was built on it.

use domain::audit::AuditAction;
use serde_json::json;
use uuid::Uuid;

use super::PasteAccounts;
use crate::accounts::queries::lock_usernames;
use crate::accounts::undo::{named, refuse_beyond_reach, remove_batch};
use crate::audit::AuditEntry;
use crate::authorization::roles::tutors::taken_back;
use crate::operations::{AuditLogEntries, Operation as _, OperationContext, UndoneOperation};
use crate::{Error, Result};

/// What a list wrote.
#[derive(sqlx::FromRow)]
struct PasteRow {
    group_id: Uuid,
    made_group: bool,
    made_people: Vec<Uuid>,
    joined_people: Vec<Uuid>,
}

/// See [`super::PasteAccounts`].
pub(super) async fn undo_paste(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
    lock_usernames(work.connection, work.school.organisation).await?;
    let paste: PasteRow = sqlx::query_as(
        "SELECT group_id, made_group, made_people, joined_people FROM pastes
         WHERE organisation_id = $1 AND operation_id = $2 AND group_id IS NOT NULL",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .fetch_optional(&mut *work.connection)
    .await?
    .ok_or(Error::NotFound("operation"))?;
    refuse_beyond_reach(work, PasteAccounts::PERMISSION, paste.joined_people.clone()).await?;
    let accounts = remove_batch(work).await?;
    refuse_built_on(work, &paste).await?;
    remove_memberships(work, &paste).await?;
    remove_people(work, &paste.made_people).await.map_err(built_on)?;
    let roles = if paste.made_group { remove_group(work, paste.group_id).await? } else { Vec::new() };
    let details =
        json!({ "accounts": accounts, "people": paste.made_people.len(), "school": work.school.school });
    let undone =
        AuditEntry::new(AuditAction::BatchUndone).subject("batch", work.operation.0).details(details);
    let left = AuditEntry::new(AuditAction::GroupLeft)
        .subject("group", paste.group_id)
        .details(json!({ "people": paste.joined_people.len(), "school": work.school.school }));
    let log = [undone, left].into_iter().chain(roles).map(AuditLogEntries::One).collect();
    let log = AuditLogEntries::All(log);
    Ok(UndoneOperation { rows: paste.joined_people.len() as u64, log })
}

/// Refuses if somebody whom the list put on the roll has more on record since.
async fn refuse_built_on(work: &mut OperationContext<'_>, paste: &PasteRow) -> Result<()> {
    let more = sqlx::query_as::<_, (String, String, String)>(
        "SELECT p.given_name, p.family_name, p.preferred_name FROM people p
         WHERE p.organisation_id = $1 AND p.id = ANY ($2) AND (
             EXISTS (SELECT FROM contacts c WHERE c.child_id = p.id OR c.adult_id = p.id)
             OR EXISTS (SELECT FROM group_members m WHERE m.person_id = p.id AND m.group_id <> $3)
             OR EXISTS (SELECT FROM staff_roles r WHERE r.person_id = p.id)
             OR EXISTS (SELECT FROM employments w WHERE w.person_id = p.id)
             OR (SELECT count(*) FROM enrolments e WHERE e.person_id = p.id) > 1)
         ORDER BY p.sort_key, p.id",
    )
    .bind(work.school.organisation.0)
    .bind(&paste.made_people)
    .bind(paste.group_id)
    .fetch_all(&mut *work.connection)
    .await?;
    if more.is_empty() {
        return Ok(());
    }
    let has = if more.len() == 1 { "has" } else { "have" };
    Err(Error::conflict(
        "paste_in_use",
        format!(
            "{} {has} contacts, other groups or other schools since, so this can\u{2019}t be undone. Close accounts one by one instead.",
            named(&more)
        ),
    ))
}

/// Something else refers to them, such as a message.
fn built_on(error: sqlx::Error) -> Error {
    let refers = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation);
    if refers {
        return Error::conflict(
            "paste_in_use",
            "More is on record about these students since, so this can\u{2019}t be undone. Close accounts one by one instead.",
        );
    }
    error.into()
}

/// Ends memberships as if they had never been; what has ended since, or was moved to another group, stays.
async fn remove_memberships(work: &mut OperationContext<'_>, paste: &PasteRow) -> Result<()> {
    sqlx::query(
        "DELETE FROM group_members
         WHERE organisation_id = $1 AND group_id = $2
           AND (person_id = ANY ($4) OR person_id = ANY ($3) AND ends_on IS NULL)",
    )
    .bind(work.school.organisation.0)
    .bind(paste.group_id)
    .bind(&paste.joined_people)
    .bind(&paste.made_people)
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// Takes those off the roll whom the list put there. Their usernames go with them.
async fn remove_people(
    work: &mut OperationContext<'_>,
    people: &[Uuid],
) -> std::result::Result<(), sqlx::Error> {
    for statement in [
        "DELETE FROM former_usernames WHERE organisation_id = $1 AND person_id = ANY ($2)",
        "DELETE FROM addresses WHERE organisation_id = $1 AND person_id = ANY ($2)",
        "DELETE FROM enrolments WHERE organisation_id = $1 AND person_id = ANY ($2)",
        "DELETE FROM people WHERE organisation_id = $1 AND id = ANY ($2)",
    ] {
        sqlx::query(statement)
            .bind(work.school.organisation.0)
            .bind(people)
            .execute(&mut *work.connection)
            .await?;
    }
    Ok(())
}

/// Removes the group that the list made, with the tutors it came with, and returns what the log says of these. One that has
/// members or other tutors by now is closed and kept.
async fn remove_group(work: &mut OperationContext<'_>, group: Uuid) -> Result<Vec<AuditEntry>> {
    let is_used: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM group_members WHERE group_id = $2 AND organisation_id = $1)
             OR EXISTS (SELECT FROM staff_roles r JOIN groups g ON g.id = r.group_id
                        WHERE r.group_id = $2 AND r.organisation_id = $1 AND r.created_at <> g.created_at)",
    )
    .bind(work.school.organisation.0)
    .bind(group)
    .fetch_one(&mut *work.connection)
    .await?;
    if is_used {
        sqlx::query("UPDATE groups SET closed_at = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(work.school.organisation.0)
            .bind(group)
            .bind(work.backend.now())
            .execute(&mut *work.connection)
            .await?;
        return Ok(Vec::new());
    }
    let given: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM staff_roles WHERE organisation_id = $1 AND group_id = $2")
            .bind(work.school.organisation.0)
            .bind(group)
            .fetch_all(&mut *work.connection)
            .await?;
    let roles = if given.is_empty() {
        Vec::new()
    } else {
        taken_back(work.connection, work.actor, work.school.school, &given).await?
    };
    for statement in [
        "DELETE FROM staff_roles WHERE organisation_id = $1 AND group_id = $2",
        "DELETE FROM group_courses WHERE organisation_id = $1 AND group_id = $2",
        "DELETE FROM groups WHERE organisation_id = $1 AND id = $2",
    ] {
        sqlx::query(statement)
            .bind(work.school.organisation.0)
            .bind(group)
            .execute(&mut *work.connection)
            .await?;
    }
    Ok(roles)
}
