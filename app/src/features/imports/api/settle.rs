//! Deciding about rows that are held back.

use domain::ids::ImportId;
use domain::imports::held::HeldDecision;
use domain::imports::views::ImportView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("imports/settle", holding ImportRoll);

/// Stores a decision about held rows, and checks the import again with it.
#[server(endpoint = "imports/settle", input = Json, output = Json)]
pub async fn settle_import(import: ImportId, decision: HeldDecision) -> Result<ImportView, AppError> {
    let entered = crate::guard::enter("imports/settle")?;
    crate::guard::answer(
        backend::imports::settle::settle(&entered.backend, &entered.actor, import, decision).await,
    )
}
