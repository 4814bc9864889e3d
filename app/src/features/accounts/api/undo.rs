//! Undoing a batch.

use domain::ids::BatchId;
use domain::ids::SchoolId;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/undo", holding ManageAccounts);

/// Undoes a batch if none of its accounts has been activated. Returns how many accounts were removed.
#[server(endpoint = "accounts/undo", input = Json, output = Json)]
pub async fn undo_batch(school: SchoolId, batch: BatchId) -> Result<u64, AppError> {
    let entered = crate::guard::enter("accounts/undo")?;
    crate::guard::answer(backend::accounts::undo::undo(&entered.backend, &entered.actor, school, batch).await)
}
