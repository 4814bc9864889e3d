//! Proving oneself anew, for the dialog that asks for it.

use domain::factors::{Judged, PasskeyChallenge, ProofBy, Shown};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// With what whoever asks has to prove themselves; nothing: by signing in with their provider once more.
#[server(endpoint = "factors/how_to_prove", input = Json)]
pub async fn how_to_prove() -> Result<Option<ProofBy>, AppError> {
    let entered = crate::guard::enter("factors/how_to_prove")?;
    crate::guard::answer(backend::factors::step_up::proof_by(&entered.backend, &entered.signed_in).await)
}

/// Takes a proof.
#[server(endpoint = "factors/prove", input = Json)]
pub async fn prove(shown: Shown) -> Result<Judged, AppError> {
    let entered = crate::guard::enter("factors/prove")?;
    crate::guard::answer(backend::factors::step_up::prove(&entered.backend, &entered.signed_in, &shown).await)
}

/// Asks for one of the passkeys of whoever asks.
#[server(endpoint = "factors/challenge_passkey", input = Json)]
pub async fn challenge_passkey() -> Result<PasskeyChallenge, AppError> {
    let entered = crate::guard::enter("factors/challenge_passkey")?;
    crate::guard::answer(
        backend::factors::passkeys::challenge::own(&entered.backend, &entered.signed_in).await,
    )
}
