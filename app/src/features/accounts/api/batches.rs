//! The batches of a school.

use domain::accounts::batch::BatchSummary;
use domain::ids::SchoolId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/batches", holding ViewAccounts);

/// The batches of a school, the latest first.
#[server(endpoint = "accounts/batches", input = Json)]
pub async fn list_batches(school: SchoolId) -> Result<Vec<BatchSummary>, AppError> {
    let entered = crate::guard::enter("accounts/batches")?;
    crate::guard::answer(backend::accounts::batches::batches(&entered.backend, &entered.actor, school).await)
}
