//! Discarding an import.

use domain::ids::ImportId;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/discard", holding ImportRoll);

/// Discards an import that has not been imported.
#[server(endpoint = "imports/discard", input = Json, output = Json)]
pub async fn discard_import(import: ImportId) -> Result<(), AppError> {
    let entered = crate::guard::enter("imports/discard")?;
    crate::guard::answer(backend::imports::discard::discard(&entered.backend, &entered.actor, import).await)
}
