//! What usernames are made from.

use domain::accounts::naming::Candidates;
use domain::ids::SchoolId;
use domain::roll::selection::Selection;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/candidates", holding ManageAccounts);

/// Returns the selected students who have no account, and the taken usernames.
#[server(endpoint = "accounts/candidates", input = Json, output = Json)]
pub async fn find_candidates(school: SchoolId, selection: Selection) -> Result<Candidates, AppError> {
    let entered = crate::guard::enter("accounts/candidates")?;
    crate::guard::answer(
        backend::accounts::candidates::candidates(&entered.backend, &entered.actor, school, &selection).await,
    )
}
