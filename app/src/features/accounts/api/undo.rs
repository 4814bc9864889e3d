//! Undoing a batch.

use domain::ids::BatchId;
use domain::ids::SchoolId;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/undo", holding ManageAccounts);

/// Takes back a batch while none of its accounts has been activated; says how many accounts went.
#[server(endpoint = "accounts/undo", input = Json, output = Json)]
pub async fn undo_batch(school: SchoolId, batch: BatchId) -> Result<u64, AppError> {
    let entered = crate::guard::enter("accounts/undo")?;
    crate::guard::answer(backend::accounts::undo::undo(&entered.backend, &entered.actor, school, batch).await)
}
