//! What a change of several accounts would do, with names, and doing exactly that.

use domain::accounts::bulk::{BulkChange, BulkSimulation, NamedAccount, StaysSame};
use domain::authorization::actor::Actor;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::operations::plan::PlanHash;
use domain::roll::name::display_name;
use domain::roll::selection::Selection;
use sqlx::PgConnection;
use uuid::Uuid;

use super::change_state::{ChangeState, StaysAsItIs};
use super::create::Among;
use super::portal_group::SetPortalGroup;
use crate::operations::{self, ExpectedPlan, Operation, RehearsedPlan, RunEnd, rehearse_plan, run};
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// How many of those whose accounts change are named.
pub const NAMED: usize = 200;

/// How many of those who stay as they are, for each reason.
const NAMED_STAYING: usize = 20;

/// Says what a change would do, and to whom. Does nothing.
pub async fn simulate(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, chosen): (Among, &Selection),
    change: BulkChange,
) -> Result<BulkSimulation> {
    let selection = chosen.clone();
    let (people, stays, waits, hash) = match change {
        BulkChange::State(action) => {
            let input = ChangeState { selection, among, action };
            let RehearsedPlan { plan, beside, waits } = rehearse_plan(backend, actor, school, &input).await?;
            let people = plan.rows.iter().map(|row| row.person).collect();
            (people, beside, waits, plan.hash)
        }
        BulkChange::Portal(choice) => {
            let input = SetPortalGroup { selection, among, choice };
            let RehearsedPlan { plan, beside, waits } = rehearse_plan(backend, actor, school, &input).await?;
            let people = plan.rows.iter().map(|row| row.person).collect();
            (people, beside, waits, plan.hash)
        }
    };
    told(backend, actor, school, (people, stays), (waits, hash)).await
}

async fn told(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (people, stays): (Vec<PersonId>, StaysAsItIs),
    (waits, hash): (bool, PlanHash),
) -> Result<BulkSimulation> {
    let mut transaction = backend.enter(actor, ChangeState::PERMISSION, InSchool(school)).await?.transaction;
    let first = named(&mut transaction, actor, &people, NAMED).await?;
    let mut lines = Vec::new();
    for (reason, count) in stays.counts() {
        let whose = stays.people.get(&reason).map(Vec::as_slice).unwrap_or_default();
        let first = named(&mut transaction, actor, whose, NAMED_STAYING).await?;
        lines.push(StaysSame { reason, count: usize::try_from(count).unwrap_or(usize::MAX), first });
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    Ok(BulkSimulation { changes: people.len(), first, stays: lines, waits, hash })
}

#[derive(sqlx::FromRow)]
struct NamedRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: String,
}

/// The first of these people by name, with their usernames.
pub(super) async fn named(
    connection: &mut PgConnection,
    actor: &Actor,
    people: &[PersonId],
    most: usize,
) -> Result<Vec<NamedAccount>> {
    let rows = sqlx::query_as::<_, NamedRow>(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, coalesce(a.username, '') AS username
         FROM people p
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1 AND p.id = ANY ($2) ORDER BY p.sort_key, p.id LIMIT $3",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    let named = |row: NamedRow| NamedAccount {
        person: PersonId(row.id),
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        username: row.username,
    };
    Ok(rows.into_iter().map(named).collect())
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkEnd {
    /// It is done, as this operation.
    Done(OperationId),
    /// There was nothing to change.
    Nothing,
    /// The accounts changed after the simulation. Nothing was done.
    Drifted,
    /// A second person has to approve it first.
    Waits,
    /// A job does it.
    Queued(OperationId),
}

/// Changes accounts exactly as the simulation `seen` said.
#[tracing::instrument(skip_all, fields(%school, change = change.slug()))]
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, chosen): (Among, &Selection),
    (change, seen): (BulkChange, PlanHash),
) -> Result<BulkEnd> {
    let (selection, expected) = (chosen.clone(), ExpectedPlan::Plan(seen));
    match change {
        BulkChange::State(action) => {
            let input = ChangeState { selection, among, action };
            Ok(ended(run(backend, actor, school, input, expected).await?.end))
        }
        BulkChange::Portal(choice) => {
            let input = SetPortalGroup { selection, among, choice };
            Ok(ended(run(backend, actor, school, input, expected).await?.end))
        }
    }
}

fn ended<O: Operation>(end: RunEnd<O>) -> BulkEnd {
    match end {
        RunEnd::Ran(ran) => BulkEnd::Done(ran.operation),
        RunEnd::Nothing => BulkEnd::Nothing,
        RunEnd::Drifted(_) => BulkEnd::Drifted,
        RunEnd::Waits => BulkEnd::Waits,
        RunEnd::Queued(operation) => BulkEnd::Queued(operation),
    }
}

/// Undoes a change, and returns how many accounts there were.
pub async fn undo_change(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (operation, change): (OperationId, BulkChange),
) -> Result<u64> {
    match change {
        BulkChange::State(_) => operations::undo::<ChangeState>(backend, actor, school, operation).await,
        BulkChange::Portal(_) => operations::undo::<SetPortalGroup>(backend, actor, school, operation).await,
    }
}
