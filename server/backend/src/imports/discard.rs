//! Discarding an import that was not committed.

use domain::authorization::actor::Actor;
use domain::ids::{ImportId, OrganisationId, SchoolId};
use sqlx::PgConnection;

use super::choices;
use super::corrections;
use super::target::{ImportFor, enter};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Deletes the rows of an import. It has changed nothing else.
pub async fn discard(backend: &Backend, actor: &Actor, import: ImportId) -> Result<()> {
    let Entered { mut transaction, at } = enter(backend, actor, ImportFor::Changing(import)).await?;
    at.import.still_open()?;
    forget(&mut transaction, (actor.organisation, at.school.school), import).await?;
    transaction.commit().await?;
    Ok(())
}

/// Discards an import, and deletes every cell of its file. Nothing happens to one that was imported.
pub(super) async fn forget(
    connection: &mut PgConnection,
    (organisation, school): (OrganisationId, SchoolId),
    import: ImportId,
) -> Result<()> {
    let discarded = sqlx::query(
        "UPDATE imports SET state = 'discarded', date_orders = NULL, reading = NULL, decisions = NULL
         WHERE organisation_id = $1 AND school_id = $2 AND id = $3 AND state IN ('staged', 'planned')",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(import.0)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if discarded == 0 {
        return Ok(());
    }
    sqlx::query("DELETE FROM import_parts WHERE organisation_id = $1 AND import_id = $2")
        .bind(organisation.0)
        .bind(import.0)
        .execute(&mut *connection)
        .await?;
    choices::clear(&mut *connection, (organisation.0, import)).await?;
    corrections::clear(connection, (organisation.0, import)).await
}
