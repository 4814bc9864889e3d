//! The batches of a school.

use domain::accounts::batch::BatchSummary;
use domain::ids::SchoolId;
use domain::lists::page::{Cursor, Page};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/batches", holding ViewAccounts);

/// Returns a page of a school's batches after `after`, latest first.
#[server(endpoint = "accounts/batches", input = Json, output = Json)]
pub async fn list_batches(school: SchoolId, after: Option<Cursor>) -> Result<Page<BatchSummary>, AppError> {
    let entered = crate::guard::enter("accounts/batches")?;
    crate::guard::answer(
        backend::accounts::batches::batches(&entered.backend, &entered.actor, school, after.as_ref()).await,
    )
}
