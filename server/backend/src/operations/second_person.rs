//! When an operation needs a second person.

use domain::audit::exports::{APPROVAL_OVER, RowCount};
use domain::authorization::actor::Actor;
use domain::ids::OperationId;
use sqlx::PgConnection;

use super::kind::Operation;
use crate::settings::of_organisation;
use crate::{Backend, Result};

/// Returns the configured limit that an operation on this many rows exceeds, or `None` if it may run. Counts
/// the rows together with what the same person did with the same kind since midnight without approval, or has
/// queued. `itself` is an operation to leave out of that count.
///
/// A single row never needs approval, because a record has a button for it too, except of kinds that say so
/// ([`Operation::EVEN_ONE`]). What the server's operator does never does either.
pub(crate) async fn waits_over<O: Operation>(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    input: &O,
    rows: usize,
    itself: Option<OperationId>,
) -> Result<Option<RowCount>> {
    let Some(account) = actor.account().filter(|_| (rows > 1 || O::EVEN_ONE) && input.needs_second_person())
    else {
        return Ok(None);
    };
    let Some(over) = of_organisation(connection, actor.organisation, &APPROVAL_OVER).await? else {
        return Ok(None);
    };
    // Two concurrent requests by the same person would each count without the other.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('second person ' || $1::text, 0))")
        .bind(account.0)
        .execute(&mut *connection)
        .await?;
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
    let beside = O::done_beside(backend, connection, actor).await?;
    let today = usize::try_from(today.saturating_add(beside)).unwrap_or_default();
    let together = rows.saturating_add(today);
    Ok(Some(over).filter(|over| over.are_fewer_than(together)))
}
