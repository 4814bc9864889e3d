//! Discarding an import that was not committed.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::views::ImportState;

use super::choices;
use super::target::{ImportFor, enter};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Deletes the rows of an import. It has changed nothing else.
pub async fn discard(backend: &Backend, actor: &Actor, import: ImportId) -> Result<()> {
    let Entered { mut transaction, at } = enter(backend, actor, ImportFor::Changing(import)).await?;
    at.import.still_open()?;
    sqlx::query("UPDATE imports SET state = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(import.0)
        .bind(ImportState::Discarded.slug())
        .execute(&mut *transaction)
        .await?;
    sqlx::query("DELETE FROM import_parts WHERE import_id = $1")
        .bind(import.0)
        .execute(&mut *transaction)
        .await?;
    choices::clear(&mut transaction, (actor.organisation.0, import)).await?;
    transaction.commit().await?;
    Ok(())
}
