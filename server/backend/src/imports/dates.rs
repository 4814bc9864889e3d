//! The order in which the dates of a file are written: what the file shows, and what a person chose.

use domain::authorization::actor::Actor;
use domain::fields::FieldErrors;
use domain::ids::ImportId;
use domain::imports::dates::DateOrder;
use domain::imports::dates::evidence::OrderEvidence;
use domain::imports::kind::ImportDeclaration;
use domain::imports::views::{DATES, ImportState, ImportView, file_evidence};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::queries::StoredImport;
use super::target::{ImportFor, enter};
use super::{parts, view};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// The number of parts read at a time.
const PARTS: i64 = 5;

/// Saves the order of the dates in an import's file; `None` leaves it to the file. An earlier simulation no longer
/// counts.
pub async fn choose(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    order: Option<DateOrder>,
) -> Result<ImportView> {
    let Entered { mut transaction, at } = enter(backend, actor, ImportFor::Changing(import)).await?;
    at.import.still_open()?;
    sqlx::query(
        "UPDATE imports SET date_order = $3, state = $4, plan_hash = NULL, counts = NULL WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(import.0)
    .bind(order.map(DateOrder::slug))
    .bind(ImportState::Staged.slug())
    .execute(&mut *transaction)
    .await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}

/// Returns the order of all dates of the file: the one that was chosen, or the one that all date columns together
/// show. If they show none, the person is asked.
pub(super) async fn order(
    connection: &mut PgConnection,
    import: &StoredImport,
    kind: &ImportDeclaration,
) -> Result<DateOrder> {
    if let Some(chosen) = import.date_order {
        return Ok(chosen);
    }
    let evidence = evidence(connection, import).await?;
    let columns = import.mapping.columns().iter().zip(&evidence);
    let evidence = file_evidence(kind, columns.map(|(column, evidence)| (column.field.as_ref(), evidence)));
    Ok(evidence.order().map_err(|question| FieldErrors::one(DATES, question.words()))?)
}

/// Collects what the columns of some rows say.
pub(super) fn note(evidence: &mut [OrderEvidence], cells: &[String]) {
    for (evidence, cell) in evidence.iter_mut().zip(cells) {
        evidence.note(cell);
    }
}

/// Stores what the columns of a file say about the order of their dates.
pub(super) async fn keep(
    connection: &mut PgConnection,
    import: ImportId,
    evidence: &[OrderEvidence],
) -> Result<()> {
    sqlx::query("UPDATE imports SET date_orders = $2 WHERE id = $1")
        .bind(import.0)
        .bind(Json(evidence))
        .execute(connection)
        .await?;
    Ok(())
}

/// What each column says. A file that was uploaded before this was stored with it is read.
pub(super) async fn evidence(
    connection: &mut PgConnection,
    import: &StoredImport,
) -> Result<Vec<OrderEvidence>> {
    if let Some(evidence) = &import.date_orders {
        return Ok(evidence.clone());
    }
    let mut evidence = vec![OrderEvidence::default(); import.headers.len()];
    let mut last = 0;
    loop {
        let parts = parts::next(connection, import.id, last, None, PARTS).await?;
        let Some(part) = parts.last() else { return Ok(evidence) };
        last = part.last;
        for (_, cells) in parts.iter().flat_map(|part| &part.rows) {
            note(&mut evidence, cells);
        }
    }
}
