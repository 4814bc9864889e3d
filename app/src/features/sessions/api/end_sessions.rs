//! Signing a person out.

use domain::ids::PersonId;
use domain::sessions::views::SessionsToEnd;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("sessions/end_sessions", holding ManageAccounts);

/// Ends one or all of a person's sessions. Returns how many.
#[server(endpoint = "sessions/end_sessions", input = Json, output = Json)]
pub async fn end_sessions(person: PersonId, ending: SessionsToEnd) -> Result<u64, AppError> {
    let entered = crate::guard::enter("sessions/end_sessions")?;
    crate::guard::answer(
        backend::sessions::list::end_of_person(&entered.backend, &entered.actor, person, ending).await,
    )
}
