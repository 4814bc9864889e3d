//! Whether an import replaces what was changed by hand.

use domain::ids::ImportId;
use domain::imports::views::ImportView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/replace", holding ImportRoll);

/// Saves the choice, and checks the import again with it.
#[server(endpoint = "imports/replace", input = Json, output = Json)]
pub async fn replace_edits(import: ImportId, replaces: bool) -> Result<ImportView, AppError> {
    let entered = crate::guard::enter("imports/replace")?;
    crate::guard::answer(
        backend::imports::replace::replace_edits(&entered.backend, &entered.actor, import, replaces).await,
    )
}
