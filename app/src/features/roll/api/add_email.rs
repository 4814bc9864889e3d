//! Adding an email address where its absence is seen.

use domain::ids::PersonId;
use domain::roll::views::AddressView;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// Adds an email address to a person; the first one is where invitations go.
#[server(endpoint = "roll/add_email", input = Json)]
pub async fn add_email(person: PersonId, email: String) -> Result<Vec<AddressView>, AppError> {
    use domain::roll::address::AddressKind;
    let entered = crate::guard::enter("roll/add_email")?;
    crate::guard::answer(
        backend::roll::addresses::add(&entered.backend, &entered.actor, person, AddressKind::Email, &email)
            .await,
    )
}
