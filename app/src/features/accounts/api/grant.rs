//! An account for one student.

use domain::accounts::username::Username;
use domain::ids::{PersonId, SchoolId};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/grant", holding ManageAccounts);

/// Creates an account for one student with this username; `accepted` if staff saw why it needs review.
#[server(endpoint = "accounts/grant", input = Json, output = Json)]
pub async fn grant_account(
    school: SchoolId,
    person: PersonId,
    username: String,
    accepted: bool,
) -> Result<Username, AppError> {
    let entered = crate::guard::enter("accounts/grant")?;
    crate::guard::answer(
        backend::accounts::grant::grant(
            &entered.backend,
            &entered.actor,
            school,
            person,
            &username,
            accepted,
        )
        .await,
    )
}
