//! Discarding an import.

use domain::ids::ImportId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/discard", holding ImportRoll);

/// Discards an import that was not committed.
#[server(endpoint = "imports/discard", input = Json)]
pub async fn discard_import(import: ImportId) -> Result<(), AppError> {
    let entered = crate::guard::enter("imports/discard")?;
    crate::guard::answer(backend::imports::discard::discard(&entered.backend, &entered.actor, import).await)
}
