//! One-time codes for people who forgot their password.

use domain::ids::PersonId;
use domain::recovery::{CodeHandout, CodeOutcome};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("recovery/make_code", holding ManageAccounts, step_up);

/// Creates a one-time code, and emails or returns it.
#[server(endpoint = "recovery/make_code", input = Json, output = Json)]
pub async fn make_code(person: PersonId, handout: CodeHandout) -> Result<CodeOutcome, AppError> {
    let entered = crate::guard::enter("recovery/make_code")?;
    crate::guard::answer(
        backend::recovery::office_code::make_code(&entered.backend, &entered.actor, person, handout).await,
    )
}
