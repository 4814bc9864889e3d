//! Checking a list, creating its accounts, and undoing that.

use domain::accounts::paste::outcome::PasteOutcome;
use domain::accounts::paste::plan::PastePlan;
use domain::authorization::actor::Actor;
use domain::ids::{OperationId, SchoolId};
use domain::operations::plan::Plan;
use sqlx::types::Json;

use super::{PasteAccounts, PasteContent};
use crate::operations::{self, ExpectedPlan, Operation as _, RunEnd, preview, run};
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Says what a list would do, row by row, without doing it: who is new, who is recognised, the usernames, and which rows
/// wait and why. Also the rows of people who are in the group already.
pub async fn check(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    content: PasteContent,
) -> Result<PastePlan> {
    let input = PasteAccounts::of(backend, content);
    let (plan, beside) = preview(backend, actor, school, &input).await?;
    let Plan { mut rows, hash } = plan;
    rows.extend(beside.stays);
    rows.sort_by_key(|row| row.at);
    Ok(Plan { rows, hash })
}

/// Creates the accounts of a list, all or none.
#[tracing::instrument(skip_all)]
pub async fn create(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    content: PasteContent,
    expected: ExpectedPlan,
) -> Result<PasteOutcome> {
    let input = PasteAccounts::of(backend, content);
    let paste = input.paste;
    // What the operator does never waits.
    let may_wait = actor.account().is_some();
    if may_wait {
        keep(backend, actor, school, &input).await?;
    }
    let answer = run(backend, actor, school, input, expected).await;
    let stays = matches!(&answer, Ok(answer) if matches!(answer.end, RunEnd::Ran(_) | RunEnd::Waits | RunEnd::Queued(_)));
    if may_wait && !stays {
        forget(backend, actor, paste).await?;
    }
    let answer = answer?;
    Ok(match answer.end {
        RunEnd::Ran(ran) => {
            let mut done = ran.outcome;
            done.waiting = answer.waiting;
            PasteOutcome::Done(done)
        }
        RunEnd::Nothing => PasteOutcome::Nothing(answer.waiting),
        RunEnd::Drifted(plan) => PasteOutcome::Drifted(plan),
        RunEnd::Waits => PasteOutcome::Waits,
        RunEnd::Queued(operation) => PasteOutcome::Queued(operation),
    })
}

/// Keeps a list while its operation may have to wait.
async fn keep(backend: &Backend, actor: &Actor, school: SchoolId, input: &PasteAccounts) -> Result<()> {
    let mut transaction =
        backend.enter(actor, PasteAccounts::PERMISSION, InSchool(school)).await?.transaction;
    sqlx::query(
        "INSERT INTO pastes (id, organisation_id, school_id, content, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(input.paste)
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(Json(input.content.as_deref()))
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Forgets a list that came to nothing.
async fn forget(backend: &Backend, actor: &Actor, paste: uuid::Uuid) -> Result<()> {
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    sqlx::query("DELETE FROM pastes WHERE organisation_id = $1 AND id = $2 AND operation_id IS NULL")
        .bind(actor.organisation.0)
        .bind(paste)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Undoes it. Returns how many people it was about.
pub async fn undo(backend: &Backend, actor: &Actor, school: SchoolId, operation: OperationId) -> Result<u64> {
    operations::undo::<PasteAccounts>(backend, actor, school, operation).await
}
