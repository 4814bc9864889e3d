//! Cancelling a long operation before it commits.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::OperationId;
use domain::operations::state::{OperationEnding, OperationState};
use serde_json::json;

use super::kinds::kind;
use super::progress::is_visible;
use super::store;
use crate::audit::{AuditEntry, record};
use crate::jobs::queue::{self, JobState};
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// Cancels an operation that is queued or running. Everything it has written so far is rolled back within a
/// moment; the request itself and the cancellation stay in the audit log. The person who asked can cancel it,
/// and so can anyone else with its permission.
#[tracing::instrument(skip_all, fields(%operation))]
pub async fn cancel(backend: &Backend, actor: &Actor, operation: OperationId) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
    let stored = store::look(&mut transaction, actor, operation).await?;
    let kind = kind(backend, &stored.kind)?;
    if !is_visible(kind, &stored, actor) {
        return Err(Error::NotFound("operation"));
    }
    decide(actor, kind.permission, Resource::School(actor.organisation, stored.school()))?;
    let job = stored.job_id().ok_or_else(over)?;
    // Waits for a worker that is about to commit. After this, no worker can.
    let job_state = queue::hold(&mut transaction, actor.organisation, job).await?;
    let stored = store::look(&mut transaction, actor, operation).await?;
    if stored.state(backend.now()) != OperationState::Running || stored.job_id() != Some(job) {
        return Err(over());
    }
    if queue::progress(&mut transaction, actor.organisation, job).await?.is_cancelled {
        return Ok(());
    }
    queue::cancel(&mut transaction, actor.organisation, job, backend.now()).await?;
    if job_state == JobState::Queued {
        // No worker is running it, so nothing else records the end.
        let which = (actor.organisation, operation);
        store::end(&mut transaction, which, job, (OperationEnding::Cancelled, None), backend.now()).await?;
    }
    let entry = AuditEntry::new(AuditAction::OperationCancelled)
        .subject("operation", operation.0)
        .details(json!({ "for": stored.kind, "rows": stored.rows() }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

fn over() -> Error {
    Error::conflict("already_over", "This has already finished, so it can\u{2019}t be cancelled.")
}
