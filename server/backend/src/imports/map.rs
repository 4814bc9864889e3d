//! Choosing which column goes to which field.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::mapping::Mapping;
use domain::imports::problem::ImportProblem;
use domain::imports::views::{ImportState, ImportView};
use sqlx::types::Json;

use super::target::{ImportFor, enter};
use super::{choices, decide, spare, view};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Saves how the import's columns are matched. An earlier simulation with different columns no longer counts.
pub async fn map(backend: &Backend, actor: &Actor, import: ImportId, mapping: Mapping) -> Result<ImportView> {
    let Entered { mut transaction, at } = enter(backend, actor, ImportFor::Changing(import)).await?;
    at.import.still_open()?;
    if mapping.columns().len() != at.import.headers.len() {
        return Err(ImportProblem::ColumnsDiffer.into());
    }
    let mapping = spare::still_there(&at.import.mapping, mapping)?;
    sqlx::query(
        "UPDATE imports SET mapping = $3, state = $4, plan_hash = NULL, counts = NULL, findings = NULL WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(import.0)
    .bind(Json(&mapping))
    .bind(ImportState::Staged.slug())
    .execute(&mut *transaction)
    .await?;
    let mut import_after = at.import.clone();
    import_after.mapping = mapping;
    decide::count(&mut transaction, at.kind.declaration(), &import_after).await?;
    choices::clear(&mut transaction, (actor.organisation.0, import)).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}
