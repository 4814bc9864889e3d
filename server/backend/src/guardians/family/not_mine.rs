//! "This is not my child": what the adult may see of that child stops at once, everything else stays, and the office gets
//! a task. Nothing is deleted: the office can give the access again.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{PersonId, TaskId};
use sqlx::PgConnection;

use super::children::granted;
use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// The kind of the office's task.
const TASK: &str = "not_my_child";

/// Says that a child of the signed-in person is not theirs. A child whom they may not see is not found. Saying it twice is
/// saying it once.
#[tracing::instrument(skip_all, fields(child = %child))]
pub async fn not_mine(backend: &Backend, actor: &Actor, child: PersonId) -> Result<()> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    if !granted(actor).contains(&child) {
        return Err(Error::NotFound("child"));
    }
    if stop(backend, &mut transaction, actor, at.person, child).await? {
        record(backend, &mut transaction, actor, entry(at.person, child)).await?;
    }
    transaction.commit().await?;
    tracing::info!("a guardian said that a child is not theirs");
    Ok(())
}

/// The line of the audit log, in the child's history.
pub(super) fn entry(adult: PersonId, child: PersonId) -> AuditEntry {
    AuditEntry::new(AuditAction::NotMyChild).person(child).subject("adult", adult.0)
}

/// Stops every grant of a pair and gives the office a task, unless it has it already. Returns whether there was anything to
/// stop. The caller records it.
pub(super) async fn stop(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    adult: PersonId,
    child: PersonId,
) -> Result<bool> {
    let stopped = sqlx::query(
        "UPDATE access_grants SET stopped_at = $4, stopped_by = $5, stopped_for = 'not_my_child'
         WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3 AND stopped_at IS NULL",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if stopped == 0 {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO office_tasks (id, organisation_id, school_id, kind, adult_id, child_id, created_at)
         SELECT $5, $1, e.school_id, $4, $2, $3, $6
         FROM enrolments e
         WHERE e.organisation_id = $1 AND e.person_id = $3 AND e.latest
           AND NOT EXISTS (SELECT FROM office_tasks t
                           WHERE t.organisation_id = $1 AND t.adult_id = $2 AND t.child_id = $3 AND t.kind = $4
                             AND t.done_at IS NULL)
         ORDER BY e.starts_on DESC, e.id LIMIT 1",
    )
    .bind(actor.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(TASK)
    .bind(backend.new_id::<TaskId>().0)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(true)
}
