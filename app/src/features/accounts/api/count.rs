//! The figures above the list of accounts.

use domain::accounts::views::AccountSummary;
use domain::ids::SchoolId;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/count", holding ViewAccounts);

/// Counts the students on roll by account status.
#[server(endpoint = "accounts/count", input = Json, output = Json)]
pub async fn count_accounts(school: SchoolId) -> Result<AccountSummary, AppError> {
    let entered = crate::guard::enter("accounts/count")?;
    crate::guard::answer(backend::roll::summary::summary(&entered.backend, &entered.actor, school).await)
}
