//! One import.

use domain::ids::ImportId;
use domain::imports::views::ImportView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/view", holding ImportRoll);

/// Returns an import with its columns and counts.
#[server(endpoint = "imports/view", input = Json, output = Json)]
pub async fn view_import(import: ImportId) -> Result<ImportView, AppError> {
    let entered = crate::guard::enter("imports/view")?;
    crate::guard::answer(backend::imports::view::view(&entered.backend, &entered.actor, import).await)
}
