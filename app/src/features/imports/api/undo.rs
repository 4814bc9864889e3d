//! Undoing an import.

use domain::ids::ImportId;
use domain::imports::views::ImportView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/undo", holding ImportRoll, step_up);

/// Removes what an import added and restores what it changed, if nothing depends on it yet.
#[server(endpoint = "imports/undo", input = Json, output = Json)]
pub async fn undo_import(import: ImportId) -> Result<ImportView, AppError> {
    let entered = crate::guard::enter("imports/undo")?;
    crate::guard::answer(backend::imports::undo::undo(&entered.backend, &entered.actor, import).await)
}
