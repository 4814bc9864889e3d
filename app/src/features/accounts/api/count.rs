//! The figures above the list of accounts.

use domain::accounts::views::AccountSummary;
use domain::ids::SchoolId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/count", holding ViewAccounts);

/// How many students on roll stand where.
#[server(endpoint = "accounts/count", input = Json)]
pub async fn count_accounts(school: SchoolId) -> Result<AccountSummary, AppError> {
    let entered = crate::guard::enter("accounts/count")?;
    crate::guard::answer(backend::roll::summary::summary(&entered.backend, &entered.actor, school).await)
}
