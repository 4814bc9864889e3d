//! Step-up authentication, for the dialog that asks for it.

use domain::factors::{PasskeyChallenge, PresentedFactor, ProofOutcome, StepUpBy};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("factors/how_to_step_up", holding UseOffice);

/// Returns how the caller can confirm who they are; `None` if they can only sign in with their provider
/// again.
#[server(endpoint = "factors/how_to_step_up", input = Json, output = Json)]
pub async fn how_to_step_up() -> Result<Option<StepUpBy>, AppError> {
    let entered = crate::guard::enter("factors/how_to_step_up")?;
    crate::guard::answer(backend::factors::step_up::step_up_by(&entered.backend, &entered.signed_in).await)
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("factors/step_up", holding UseOffice);

/// Checks a password, code or passkey. If it is right, the session's step-up is valid for 15 minutes.
#[server(endpoint = "factors/step_up", input = Json, output = Json)]
pub async fn step_up(shown: PresentedFactor) -> Result<ProofOutcome, AppError> {
    let entered = crate::guard::enter("factors/step_up")?;
    crate::guard::answer(
        backend::factors::step_up::step_up(&entered.backend, &entered.signed_in, &shown).await,
    )
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("factors/challenge_passkey", holding UseOffice);

/// Asks for one of the signed-in person's passkeys.
#[server(endpoint = "factors/challenge_passkey", input = Json, output = Json)]
pub async fn challenge_passkey() -> Result<PasskeyChallenge, AppError> {
    let entered = crate::guard::enter("factors/challenge_passkey")?;
    crate::guard::answer(
        backend::factors::passkeys::challenge::for_step_up(&entered.backend, &entered.signed_in).await,
    )
}
