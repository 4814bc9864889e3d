//! The rows of the operations table.

use chrono::{DateTime, TimeDelta, Utc};
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, OperationId, OrganisationId, PersonId, SchoolId};
use domain::operations::plan::PlanHash;
use domain::operations::progress::LeftOutCount;
use domain::operations::state::{OperationEnding, OperationState, OperationTimes, WAITS};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::kind::{Operation, OperationContext};
use super::queued::QueuedRun;
use super::run::ExpectedPlan;
use crate::jobs::queue::JobState;
use crate::{Error, Result};

/// How long a request for approval is listed and kept, whatever its outcome.
pub(super) const LISTED: TimeDelta = TimeDelta::days(30);

/// The columns of [`StoredOperation`], from the operations `w`.
macro_rules! stored {
    ($rest:literal) => {
        concat!(
            "SELECT w.id, w.school_id, w.kind, w.account_id, w.created_at, w.plan_hash, w.size, w.second_person, w.decided_at,
                    w.approved, w.ran_at, w.undone_at, w.job_id, w.ended_as,
                    (SELECT j.state FROM jobs j WHERE j.id = w.job_id) AS job_state",
            $rest
        )
    };
}
pub(super) use stored;

/// An operation as stored, without its input.
#[derive(sqlx::FromRow)]
pub(super) struct StoredOperation {
    pub(super) id: Uuid,
    pub(super) school_id: Uuid,
    pub(super) kind: String,
    account_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    plan_hash: Vec<u8>,
    pub(super) size: i32,
    second_person: bool,
    decided_at: Option<DateTime<Utc>>,
    approved: Option<bool>,
    ran_at: Option<DateTime<Utc>>,
    undone_at: Option<DateTime<Utc>>,
    job_id: Option<Uuid>,
    ended_as: Option<String>,
    job_state: Option<String>,
}

impl StoredOperation {
    /// The current state.
    pub(super) fn state(&self, now: DateTime<Utc>) -> OperationState {
        let moments = OperationTimes {
            asked: self.second_person.then_some(self.created_at),
            decided: self.decided_at.zip(self.approved),
            ran: self.ran_at,
            undone: self.undone_at,
            job: self.job_id.map(|_| self.job()),
        };
        moments.state(now)
    }

    /// `Ok` while its job continues, otherwise how it ended without running. A job that ended with its worker
    /// records that itself.
    fn job(&self) -> std::result::Result<(), OperationEnding> {
        if let Some(ended) = &self.ended_as {
            return Err(OperationEnding::from_slug(ended).unwrap_or(OperationEnding::Failed));
        }
        match self.job_state.as_deref().and_then(JobState::from_slug) {
            Some(JobState::Queued | JobState::Running) => Ok(()),
            Some(JobState::Cancelled) => Err(OperationEnding::Cancelled),
            // The job ended without recording the operation's end, or its row was deleted. Neither is a
            // normal end.
            Some(JobState::Done | JobState::Failed) | None => Err(OperationEnding::Failed),
        }
    }

    /// The id of the job that runs or ran it.
    pub(super) fn job_id(&self) -> Option<Uuid> {
        self.job_id
    }

    /// Whether the actor asked for it.
    pub(super) fn is_of(&self, actor: &Actor) -> bool {
        actor.account().is_some_and(|account| self.account_id == Some(account.0))
    }

    /// The account of the person who asked for it.
    pub(super) fn requester(&self) -> Option<AccountId> {
        self.account_id.map(AccountId)
    }

    pub(super) fn school(&self) -> SchoolId {
        SchoolId(self.school_id)
    }

    /// Whether it is for exactly this plan.
    pub(super) fn is_about(&self, plan: PlanHash) -> bool {
        self.plan_hash == plan.0
    }

    pub(super) fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        usize::try_from(self.size).unwrap_or_default()
    }
}

/// Finds and locks an operation, so that of two concurrent decisions, runs or undos the second sees what the
/// first did.
pub(super) async fn find(
    connection: &mut PgConnection,
    actor: &Actor,
    operation: OperationId,
) -> Result<StoredOperation> {
    sqlx::query_as(stored!(" FROM operations w WHERE w.organisation_id = $1 AND w.id = $2 FOR NO KEY UPDATE"))
        .bind(actor.organisation.0)
        .bind(operation.0)
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("operation"))
}

/// Finds an operation without a lock. A running job holds the lock, and the response would wait for the job
/// to end.
pub(super) async fn look(
    connection: &mut PgConnection,
    actor: &Actor,
    operation: OperationId,
) -> Result<StoredOperation> {
    sqlx::query_as(stored!(" FROM operations w WHERE w.organisation_id = $1 AND w.id = $2"))
        .bind(actor.organisation.0)
        .bind(operation.0)
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("operation"))
}

/// Reads the input of an approved operation.
pub(super) async fn input<O: Operation>(
    connection: &mut PgConnection,
    actor: &Actor,
    operation: OperationId,
) -> Result<O> {
    let (Json(input), people): (Json<O>, Vec<Uuid>) =
        sqlx::query_as("SELECT input, people FROM operations WHERE organisation_id = $1 AND id = $2")
            .bind(actor.organisation.0)
            .bind(operation.0)
            .fetch_one(connection)
            .await?;
    Ok(input.about(people.into_iter().map(PersonId).collect()))
}

/// Whether an operation runs at once or waits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RunMode {
    /// It runs in this transaction.
    Runs,
    /// It waits for a second person.
    Waits,
    /// A job runs it.
    Queued {
        /// The job's id.
        job: Uuid,
        /// What it may do.
        expected: ExpectedPlan,
    },
}

/// Stores an operation.
pub(super) async fn insert<O: Operation>(
    work: &mut OperationContext<'_>,
    input: &O,
    plan: PlanHash,
    (size, people): (usize, Vec<Uuid>),
    stands: RunMode,
) -> Result<()> {
    let now = work.backend.now();
    let waits = stands == RunMode::Waits;
    let kept = if stands == RunMode::Runs { O::KEPT } else { Some(LISTED) };
    let (job, queued) = match stands {
        RunMode::Queued { job, expected } => {
            let input = serde_json::to_value(input).map_err(Error::unexpected)?;
            let exact = matches!(expected, ExpectedPlan::Plan(_));
            (Some(job), Some(Json(QueuedRun { input: Some(input), exact, source: work.actor.source })))
        }
        RunMode::Runs | RunMode::Waits => (None, None),
    };
    sqlx::query(
        "INSERT INTO operations
             (id, organisation_id, school_id, kind, account_id, created_at, input, plan_hash, size, second_person, ran_at, forget_at,
              people, job_id, queued)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(work.operation.0)
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(O::KIND)
    .bind(work.actor.account().map(|account| account.0))
    .bind(now)
    .bind(Json(input.about(Vec::new())))
    .bind(plan.0.as_slice())
    .bind(count(size)?)
    .bind(waits)
    .bind((stands == RunMode::Runs).then_some(now))
    .bind(kept.map(|kept| now + kept))
    .bind(waits.then_some(people))
    .bind(job)
    .bind(queued)
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// Whether the same person already waits for a second one with exactly this, such as after a reload and a second press.
pub(super) async fn is_asked<O: Operation>(
    work: &mut OperationContext<'_>,
    input: &O,
    plan: PlanHash,
    people: &[Uuid],
) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM operations w
             WHERE w.organisation_id = $1 AND w.school_id = $2 AND w.account_id = $3 AND w.kind = $4 AND w.plan_hash = $5
               AND w.input = $6 AND w.people = $7 AND w.second_person AND w.decided_at IS NULL AND w.created_at > $8)",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(work.actor.account().map(|account| account.0))
    .bind(O::KIND)
    .bind(plan.0.as_slice())
    .bind(Json(input.about(Vec::new())))
    .bind(people)
    .bind(work.backend.now() - WAITS)
    .fetch_one(&mut *work.connection)
    .await?)
}

/// How many rows these count as, and the people they concern.
pub(super) fn counted<O: Operation>(rows: &[O::Row]) -> (usize, Vec<Uuid>) {
    (O::size(rows), rows.iter().filter_map(O::person).map(|person| person.0).collect())
}

/// Makes an operation that a job was going to run wait for a second person, because it has grown over the
/// limit.
pub(super) async fn waits(
    work: &mut OperationContext<'_>,
    plan: PlanHash,
    (size, people): (usize, Vec<Uuid>),
) -> Result<()> {
    let now = work.backend.now();
    sqlx::query(
        "UPDATE operations SET second_person = true, created_at = $3, forget_at = $4, plan_hash = $5, size = $6, people = $7,
                job_id = NULL, queued = NULL
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .bind(now)
    .bind(now + LISTED)
    .bind(plan.0.as_slice())
    .bind(count(size)?)
    .bind(people)
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// Records how an operation ended that a job was going to run and did not.
pub(super) async fn end(
    connection: &mut PgConnection,
    operation: (OrganisationId, OperationId),
    job: Uuid,
    (ending, why): (OperationEnding, Option<&str>),
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE operations SET ended_at = $4, ended_as = $5, ended_why = $6, queued = NULL, people = NULL
         WHERE organisation_id = $1 AND id = $2 AND job_id = $3 AND queued IS NOT NULL",
    )
    .bind(operation.0.0)
    .bind(operation.1.0)
    .bind(job)
    .bind(now)
    .bind(ending.slug())
    .bind(why)
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that a stored operation, approved or queued, runs now.
pub(super) async fn runs<O: Operation>(
    work: &mut OperationContext<'_>,
    plan: PlanHash,
    rows: usize,
    left_out: &[LeftOutCount],
) -> Result<()> {
    let now = work.backend.now();
    // Listed as long as every other request, and kept at least as long as its kind says.
    sqlx::query(
        "UPDATE operations SET ran_at = $3, people = NULL, queued = NULL, plan_hash = $4, size = $5, left_out = $7,
                forget_at = CASE WHEN $6::timestamptz IS NULL THEN NULL ELSE greatest(forget_at, $6) END
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .bind(now)
    .bind(plan.0.as_slice())
    .bind(count(rows)?)
    .bind(O::KEPT.map(|kept| now + kept))
    .bind(Json(left_out))
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

fn count(rows: usize) -> Result<i32> {
    i32::try_from(rows).map_err(Error::unexpected)
}
