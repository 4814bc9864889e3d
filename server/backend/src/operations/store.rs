//! The rows of the table.

use chrono::{DateTime, TimeDelta, Utc};
use domain::authorization::actor::Actor;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::operations::plan::PlanHash;
use domain::operations::state::{Moments, OperationState};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::kind::{Operation, Work};
use crate::{Error, Result};

/// How long a request for a second person is listed and kept, whatever became of it.
pub(super) const LISTED: TimeDelta = TimeDelta::days(30);

/// An operation as it is stored, without what it is about.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
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
}

impl Stored {
    /// Where it stands.
    pub(super) fn state(&self, now: DateTime<Utc>) -> OperationState {
        let moments = Moments {
            asked: self.second_person.then_some(self.created_at),
            decided: self.decided_at.zip(self.approved),
            ran: self.ran_at,
            undone: self.undone_at,
        };
        moments.state(now)
    }

    /// Whether the actor asked for it.
    pub(super) fn is_of(&self, actor: &Actor) -> bool {
        actor.account().is_some_and(|account| self.account_id == Some(account.0))
    }

    pub(super) fn school(&self) -> SchoolId {
        SchoolId(self.school_id)
    }

    /// Whether it is about this very plan.
    pub(super) fn is_about(&self, plan: PlanHash) -> bool {
        self.plan_hash == plan.0
    }

    pub(super) fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// How many rows it has.
    pub(super) fn rows(&self) -> usize {
        usize::try_from(self.size).unwrap_or_default()
    }
}

/// An operation, locked: of two who decide, run or undo at once the second sees what the first did.
pub(super) async fn find(
    connection: &mut PgConnection,
    actor: &Actor,
    operation: OperationId,
) -> Result<Stored> {
    sqlx::query_as(
        "SELECT id, school_id, kind, account_id, created_at, plan_hash, size, second_person, decided_at, approved, ran_at, undone_at
         FROM operations WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(operation.0)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("operation"))
}

/// What a stored operation is about.
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
pub(super) enum Stands {
    /// It runs in this transaction.
    Runs,
    /// It waits for a second person.
    Waits,
}

/// Stores an operation.
pub(super) async fn insert<O: Operation>(
    work: &mut Work<'_>,
    input: &O,
    plan: PlanHash,
    rows: &[O::Row],
    stands: Stands,
) -> Result<()> {
    let now = work.backend.now();
    let waits = stands == Stands::Waits;
    let people: Option<Vec<Uuid>> = waits.then(|| rows.iter().map(|row| O::person(row).0).collect());
    let kept = if waits { Some(LISTED) } else { O::KEPT };
    sqlx::query(
        "INSERT INTO operations
             (id, organisation_id, school_id, kind, account_id, created_at, input, plan_hash, size, second_person, ran_at, forget_at, people)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(work.operation.0)
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(O::KIND)
    .bind(work.actor.account().map(|account| account.0))
    .bind(now)
    .bind(Json(input.about(Vec::new())))
    .bind(plan.0.as_slice())
    .bind(size(rows.len())?)
    .bind(waits)
    .bind((!waits).then_some(now))
    .bind(kept.map(|kept| now + kept))
    .bind(people)
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// Notes that an approved operation runs now.
pub(super) async fn runs<O: Operation>(work: &mut Work<'_>, plan: PlanHash, rows: usize) -> Result<()> {
    let now = work.backend.now();
    // Listed as long as every other request, and kept at least as long as its kind says.
    sqlx::query(
        "UPDATE operations SET ran_at = $3, people = NULL, plan_hash = $4, size = $5,
                forget_at = CASE WHEN $6::timestamptz IS NULL THEN NULL ELSE greatest(forget_at, $6) END
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .bind(now)
    .bind(plan.0.as_slice())
    .bind(size(rows)?)
    .bind(O::KEPT.map(|kept| now + kept))
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

fn size(rows: usize) -> Result<i32> {
    i32::try_from(rows).map_err(Error::unexpected)
}
