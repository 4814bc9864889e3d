//! The progress of long operations.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{OperationId, SchoolId};
use domain::operations::progress::{LeftOutCount, OperationProgress, OperationStage};
use domain::operations::state::OperationState;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::kinds::{OperationKind, kind};
use super::store::{StoredOperation, stored};
use crate::jobs::queue;
use crate::tenancy::target::{AnySchool, InSchool};
use crate::{Backend, Error, Result};

/// The most running operations that a list shows.
const LISTED: i64 = 20;

#[derive(sqlx::FromRow)]
struct ProgressRow {
    #[sqlx(flatten)]
    stored: StoredOperation,
    input: Value,
    ended_why: Option<String>,
    left_out: Option<Json<Vec<LeftOutCount>>>,
}

/// Whether the actor may see and cancel it: it is their own, or they have the permission to ask for it.
pub(super) fn is_visible(kind: &OperationKind, stored: &StoredOperation, actor: &Actor) -> bool {
    let school = Resource::School(actor.organisation, stored.school());
    stored.is_of(actor) || decide(actor, kind.permission, school).is_ok()
}

/// Returns the progress of an operation that the actor asked for or could have asked for. Combines what is
/// committed with what the job last reported.
pub async fn progress(backend: &Backend, actor: &Actor, operation: OperationId) -> Result<OperationProgress> {
    let mut transaction = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
    let row: ProgressRow = sqlx::query_as(stored!(
        ", w.input, w.ended_why, w.left_out FROM operations w WHERE w.organisation_id = $1 AND w.id = $2"
    ))
    .bind(actor.organisation.0)
    .bind(operation.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("operation"))?;
    of(backend, &mut transaction, actor, row).await?.ok_or(Error::NotFound("operation"))
}

/// Returns a school's queued and running operations, newest first.
pub async fn running(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Vec<OperationProgress>> {
    let mut transaction = backend.enter(actor, Permission::UseOffice, InSchool(school)).await?.transaction;
    let rows: Vec<ProgressRow> = sqlx::query_as(stored!(
        ", w.input, w.ended_why, w.left_out FROM operations w
         WHERE w.organisation_id = $1 AND w.school_id = $2 AND w.queued IS NOT NULL
         ORDER BY w.created_at DESC, w.id DESC LIMIT $3"
    ))
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(LISTED)
    .fetch_all(&mut *transaction)
    .await?;
    let mut running = Vec::with_capacity(rows.len());
    for row in rows {
        running.extend(of(backend, &mut transaction, actor, row).await?.filter(|row| !row.stage.is_over()));
    }
    Ok(running)
}

async fn of(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    row: ProgressRow,
) -> Result<Option<OperationProgress>> {
    let ProgressRow { stored, input, ended_why, left_out } = row;
    let kind = kind(backend, &stored.kind)?;
    if !is_visible(kind, &stored, actor) {
        return Ok(None);
    }
    let (rows, id) = (stored.rows(), OperationId(stored.id));
    let mut progress = OperationProgress {
        id,
        what: kind.describe(input.clone(), rows)?,
        stage: OperationStage::NeedsApproval,
        step: None,
        done: 0,
        total: u64::try_from(rows).unwrap_or(u64::MAX),
        left_out: left_out.map(|Json(left_out)| left_out).unwrap_or_default(),
        why: None,
        result: None,
    };
    match stored.state(backend.now()) {
        OperationState::Waiting
        | OperationState::Approved
        | OperationState::Declined
        | OperationState::Lapsed => {}
        OperationState::Running => {
            let job = stored.job_id().ok_or(Error::NotFound("job"))?;
            let far = queue::progress(connection, actor.organisation, job).await?;
            progress.stage = match far.state {
                _ if far.is_cancelled => OperationStage::Cancelling,
                queue::JobState::Queued => OperationStage::Queued,
                _ => OperationStage::Running,
            };
            (progress.step, progress.done) = (far.step, far.done);
            if far.total > 0 {
                progress.total = far.total;
            }
        }
        OperationState::Ended(ending) => {
            progress.stage = OperationStage::Ended(ending);
            progress.why = Some(ended_why.unwrap_or_else(|| ending.sentence().to_owned()));
        }
        OperationState::Done => {
            (progress.stage, progress.done) = (OperationStage::Done, progress.total);
            progress.result = Some(kind.result(input, id)?);
        }
        OperationState::Undone => progress.stage = OperationStage::Undone,
    }
    Ok(Some(progress))
}
