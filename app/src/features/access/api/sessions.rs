//! Where a person is signed in.

use domain::access::sessions::SessionLine;
use domain::ids::PersonId;
use leptos::prelude::*;

use crate::error::AppError;

/// The sessions of a person, the one used last first.
#[server(endpoint = "access/sessions")]
pub async fn person_sessions(person: PersonId) -> Result<Vec<SessionLine>, AppError> {
    let entered = crate::guard::enter("access/sessions")?;
    crate::guard::answer(backend::access::sessions::of_person(&entered.backend, &entered.actor, person).await)
}
