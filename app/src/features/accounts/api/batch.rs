//! A batch and its accounts.

use domain::accounts::batch::BatchDetail;
use domain::ids::BatchId;
use domain::ids::SchoolId;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/batch", holding ViewAccounts);

/// Returns a batch in its current state, with accounts without an email address first.
#[server(endpoint = "accounts/batch", input = Json, output = Json)]
pub async fn read_batch(school: SchoolId, batch: BatchId) -> Result<BatchDetail, AppError> {
    let entered = crate::guard::enter("accounts/batch")?;
    crate::guard::answer(
        backend::accounts::batch::batch(&entered.backend, &entered.actor, school, batch).await,
    )
}
