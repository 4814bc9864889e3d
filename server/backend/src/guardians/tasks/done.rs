//! Saying that a task is done, and taking that back.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{PersonId, TaskId};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// Marks a task as done, or opens it again.
///
/// # Errors
/// [`Error::NotFound`] if it is about people whom the actor does not reach.
#[tracing::instrument(skip_all, fields(task = %task))]
pub async fn mark(backend: &Backend, actor: &Actor, task: TaskId, done: bool) -> Result<()> {
    let Entered { mut transaction, .. } =
        backend.enter(actor, Permission::ManageGuardians, AnySchool).await?;
    let found: Option<(String, Option<Uuid>)> = sqlx::query_as(
        "UPDATE office_tasks t SET done_at = CASE WHEN $4 THEN $3::timestamptz END, done_by = CASE WHEN $4 THEN $5::uuid END
         WHERE t.organisation_id = $1 AND t.id = $2
           AND (t.child_id IS NULL OR t.child_id IN (SELECT v.person_id FROM visible_people v))
           AND (t.adult_id IS NULL OR t.child_id IS NOT NULL OR t.adult_id IN (SELECT v.person_id FROM visible_people v))
         RETURNING t.kind, coalesce(t.child_id, t.adult_id)",
    )
    .bind(actor.organisation.0)
    .bind(task.0)
    .bind(backend.now())
    .bind(done)
    .bind(actor.account().map(|account| account.0))
    .fetch_optional(&mut *transaction)
    .await?;
    let (kind, person) = found.ok_or(Error::NotFound("task"))?;
    let entry = AuditEntry::new(AuditAction::TaskDone)
        .subject("task", task.0)
        .details(json!({ "kind": kind, "done": done }));
    let entry = match person {
        Some(person) => entry.person(PersonId(person)),
        None => entry,
    };
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
