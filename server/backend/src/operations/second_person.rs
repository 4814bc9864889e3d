//! When an operation needs a second person.

use domain::audit::exports::{APPROVAL_OVER, RowCount};
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, OperationId, OrganisationId};
use sqlx::PgConnection;

use super::kind::{Operation, OperationContext};
use crate::credentials::ways_in::opened_lately;
use crate::settings::of_organisation;
use crate::{Backend, Result};

/// Whether an operation on these rows waits for a second person: because what it would do always needs one
/// ([`Operation::alarms`]), or because it exceeds the organisation's limit.
pub(super) async fn waits<O: Operation>(
    work: &mut OperationContext<'_>,
    input: &O,
    rows: &[O::Row],
    beside: &O::Beside,
    itself: Option<OperationId>,
) -> Result<bool> {
    if input.alarms(work, rows, beside).await? {
        return Ok(true);
    }
    Ok(waits_over(work.backend, work.connection, work.actor, input, rows, itself).await?.is_some())
}

/// Returns the configured limit that an operation on these rows exceeds, or `None` if it may run. Counts the rows
/// together with what the same person did since midnight without approval, or has queued, with the same kind. Rows that
/// open ways into accounts count with every other way that this person opened within a day instead. `itself` is an
/// operation to leave out of that count.
///
/// A single row never needs approval, because a record has a button for it too, except of kinds that say so
/// ([`Operation::EVEN_ONE`]) or that open ways in. What the server's operator does never does either.
async fn waits_over<O: Operation>(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    input: &O,
    rows: &[O::Row],
    itself: Option<OperationId>,
) -> Result<Option<RowCount>> {
    let Some(account) = actor.account().filter(|_| input.needs_second_person()) else { return Ok(None) };
    if let Some(opened) = O::ways_in(rows) {
        return ways_in_over(backend, connection, actor, opened, itself).await;
    }
    let rows = O::size(rows);
    if rows < 2 && !O::EVEN_ONE {
        return Ok(None);
    }
    let Some(over) = limit(connection, actor.organisation, account).await? else { return Ok(None) };
    let today: i64 = sqlx::query_scalar(
        "SELECT coalesce(sum(w.size), 0)::bigint FROM operations w JOIN organisations o ON o.id = w.organisation_id
         WHERE w.organisation_id = $1 AND w.account_id = $2 AND w.kind = $3 AND NOT w.second_person
           AND (w.ran_at IS NOT NULL OR w.queued IS NOT NULL) AND w.id IS DISTINCT FROM $5
           AND coalesce(w.ran_at, w.created_at) >= date_trunc('day', $4 AT TIME ZONE o.time_zone) AT TIME ZONE o.time_zone",
    )
    .bind(actor.organisation.0)
    .bind(account.0)
    .bind(O::KIND)
    .bind(backend.now())
    .bind(itself.map(|operation| operation.0))
    .fetch_one(&mut *connection)
    .await?;
    Ok(exceeded(over, rows, today))
}

/// Whether making this many more accounts exceeds the limit, together with those that the same person made since midnight
/// without a second person, whatever made them.
pub(crate) async fn makes_too_many(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    rows: usize,
) -> Result<bool> {
    let Some(account) = actor.account().filter(|_| rows > 1) else { return Ok(false) };
    let Some(over) = limit(connection, actor.organisation, account).await? else { return Ok(false) };
    let today: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM operations w JOIN organisations o ON o.id = w.organisation_id
         JOIN accounts a ON a.organisation_id = w.organisation_id AND a.batch_id = w.id
         WHERE w.organisation_id = $1 AND w.account_id = $2 AND NOT w.second_person
           AND coalesce(w.ran_at, w.created_at) >= date_trunc('day', $3 AT TIME ZONE o.time_zone) AT TIME ZONE o.time_zone",
    )
    .bind(actor.organisation.0)
    .bind(account.0)
    .bind(backend.now())
    .fetch_one(&mut *connection)
    .await?;
    Ok(exceeded(over, rows, today).is_some())
}

/// Returns the limit that opening a way into this many more accounts exceeds; `None` if there are none. The same for
/// every way: a button on a record asks this too.
pub(crate) async fn ways_in_over(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    rows: usize,
    itself: Option<OperationId>,
) -> Result<Option<RowCount>> {
    let Some(account) = actor.account().filter(|_| rows > 0) else { return Ok(None) };
    opens_over(backend, connection, (actor.organisation, account), rows, itself).await
}

/// The same for what somebody else causes, such as an invitation that its recipient asks for.
pub(crate) async fn opens_over(
    backend: &Backend,
    connection: &mut PgConnection,
    (organisation, account): (OrganisationId, AccountId),
    rows: usize,
    itself: Option<OperationId>,
) -> Result<Option<RowCount>> {
    let Some(over) = limit(connection, organisation, account).await? else { return Ok(None) };
    let lately = opened_lately(connection, organisation, account, itself, backend.now()).await?;
    Ok(exceeded(over, rows, lately))
}

/// The limit, if the organisation has one. Until the transaction ends, nothing else of this person is counted: two
/// concurrent requests would each count without the other.
async fn limit(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<Option<RowCount>> {
    let over = of_organisation(connection, organisation, &APPROVAL_OVER).await?;
    if over.is_some() {
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('second person ' || $1::text, 0))")
            .bind(account.0)
            .execute(&mut *connection)
            .await?;
    }
    Ok(over)
}

fn exceeded(over: RowCount, rows: usize, before: i64) -> Option<RowCount> {
    let together = rows.saturating_add(usize::try_from(before).unwrap_or_default());
    Some(over).filter(|over| over.are_fewer_than(together))
}
