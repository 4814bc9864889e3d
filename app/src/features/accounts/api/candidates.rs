//! What usernames are made from.

use domain::accounts::naming::{Candidates, Naming};
use domain::accounts::taken::TakenUsernames;
use domain::ids::SchoolId;
use domain::roll::selection::Selection;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/candidates", holding ManageAccounts);

/// Returns the selected students who have no account, and the taken usernames that `naming` could clash with.
#[server(endpoint = "accounts/candidates", input = Json, output = Json)]
pub async fn find_candidates(
    school: SchoolId,
    selection: Selection,
    naming: Naming,
) -> Result<Candidates, AppError> {
    let entered = crate::guard::enter("accounts/candidates")?;
    let (backend, actor) = (&entered.backend, &entered.actor);
    crate::guard::answer(
        backend::accounts::candidates::candidates(backend, actor, school, &selection, &naming).await,
    )
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/taken", holding ManageAccounts);

/// Returns the taken usernames that another `naming` of some of the students could clash with.
#[server(endpoint = "accounts/taken", input = Json, output = Json)]
pub async fn find_taken(
    school: SchoolId,
    selection: Selection,
    naming: Naming,
) -> Result<TakenUsernames, AppError> {
    let entered = crate::guard::enter("accounts/taken")?;
    let (backend, actor) = (&entered.backend, &entered.actor);
    crate::guard::answer(
        backend::accounts::candidates::taken(backend, actor, school, &selection, &naming).await,
    )
}
