//! Whether an import replaces what was changed by hand. It does not unless asked.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::views::ImportView;

use super::target::{ImportFor, enter};
use super::{simulate, view};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// Saves the choice, and plans the import again with it.
pub async fn replace_edits(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    replaces: bool,
) -> Result<ImportView> {
    let Entered { mut transaction, at: mut loaded } =
        enter(backend, actor, ImportFor::Changing(import)).await?;
    loaded.import.still_open()?;
    sqlx::query("UPDATE imports SET replaces_edits = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(import.0)
        .bind(replaces)
        .execute(&mut *transaction)
        .await?;
    loaded.import.replaces_edits = replaces;
    simulate::plan(backend, actor, &mut transaction, &mut loaded).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}
