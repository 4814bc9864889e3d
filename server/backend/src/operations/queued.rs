//! The operations that a job is to run.

use std::net::IpAddr;

use domain::ids::{OperationId, OrganisationId};
use domain::operations::plan::PlanHash;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::kind::{Operation, OperationContext};
use crate::Result;

/// What a job needs to run an operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct QueuedRun {
    /// The complete input. For an approved operation, the rest of its row has it.
    pub(super) input: Option<Value>,
    /// Whether it may only run the plan that was seen.
    pub(super) exact: bool,
    /// The IP address it was requested from, for the audit log.
    pub(super) source: Option<IpAddr>,
}

/// An operation for a job to run.
#[derive(sqlx::FromRow)]
pub(super) struct QueuedOperation {
    pub(super) id: Uuid,
    pub(super) organisation_id: Uuid,
    pub(super) school_id: Uuid,
    pub(super) kind: String,
    pub(super) account_id: Option<Uuid>,
    pub(super) queued: Json<QueuedRun>,
}

/// Returns the operation this job should run; `None` if it already ran or ended.
pub(super) async fn of_job(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    operation: OperationId,
    job: Uuid,
) -> Result<Option<QueuedOperation>> {
    Ok(sqlx::query_as(
        "SELECT id, organisation_id, school_id, kind, account_id, queued FROM operations
         WHERE organisation_id = $1 AND id = $2 AND job_id = $3 AND queued IS NOT NULL",
    )
    .bind(organisation.0)
    .bind(operation.0)
    .bind(job)
    .fetch_optional(connection)
    .await?)
}

/// Finds an identical operation by the same person whose job has not ended and is not being cancelled, such
/// as after a double click. Until the transaction ends, no other operation can be queued for this person.
pub(super) async fn before<O: Operation>(
    work: &mut OperationContext<'_>,
    input: &O,
    plan: PlanHash,
) -> Result<Option<OperationId>> {
    let account = work.actor.account().map(|account| account.0);
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('queue an operation ' || $1::text, 0))")
        .bind(account)
        .execute(&mut *work.connection)
        .await?;
    let before: Option<Uuid> = sqlx::query_scalar(
        "SELECT w.id FROM operations w JOIN jobs j ON j.id = w.job_id
         WHERE w.organisation_id = $1 AND w.school_id = $2 AND w.queued IS NOT NULL AND w.account_id = $3 AND w.kind = $4
           AND w.plan_hash = $5 AND w.queued->'input' = $6 AND j.state IN ('queued', 'running') AND j.cancelled_at IS NULL
         ORDER BY w.created_at LIMIT 1",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(account)
    .bind(O::KIND)
    .bind(plan.0.as_slice())
    .bind(Json(input))
    .fetch_optional(&mut *work.connection)
    .await?;
    Ok(before.map(OperationId))
}

/// Hands an approved operation to a job.
pub(super) async fn approved(work: &mut OperationContext<'_>, job: Uuid) -> Result<()> {
    let queued = QueuedRun { input: None, exact: false, source: work.actor.source };
    sqlx::query(
        "UPDATE operations SET job_id = $3, queued = $4 WHERE organisation_id = $1 AND id = $2 AND job_id IS NULL",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .bind(job)
    .bind(Json(queued))
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}
