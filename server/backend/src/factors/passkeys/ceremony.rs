//! What a challenge was made for. It is stored here rather than in the browser, and taken once, so that no
//! answer works twice.

use chrono::TimeDelta;
use domain::factors::PasskeyChallenge;
use domain::ids::AccountId;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyAuthentication, PasskeyRegistration};

use crate::crypto::{random_token, token_hash};
use crate::{Backend, Error, Result};

/// How long a challenge waits for its answer. Browsers get the same limit.
const ANSWERED_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// A challenge that waits for its answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "for")]
pub(crate) enum Ceremony {
    /// A passkey that this account adds.
    Adding { account: AccountId, state: PasskeyRegistration },
    /// One of this account's passkeys.
    Showing { account: AccountId, state: PasskeyAuthentication },
    /// Any passkey: the answer names its owner.
    Alone { state: DiscoverableAuthentication },
}

/// Stores a ceremony, and returns the challenge for the browser with the token that finds it.
pub(crate) async fn store(
    backend: &Backend,
    ceremony: &Ceremony,
    options: &impl Serialize,
) -> Result<PasskeyChallenge> {
    let (token, hash) = random_token(&*backend.random);
    let now = backend.now();
    sqlx::query(
        "WITH past AS (DELETE FROM passkey_challenges WHERE expires_at <= $3)
         INSERT INTO passkey_challenges (token_hash, ceremony, expires_at) VALUES ($1, $2, $4)",
    )
    .bind(hash.as_slice())
    .bind(Json(ceremony))
    .bind(now)
    .bind(now + ANSWERED_WITHIN)
    .execute(&mut *backend.system_connection().await?)
    .await?;
    let mut options = serde_json::to_value(options).map_err(Error::unexpected)?;
    Ok(PasskeyChallenge { token, options: options["publicKey"].take().to_string() })
}

/// Takes the ceremony of a token. Of two concurrent requests, only one gets it.
pub(crate) async fn take(backend: &Backend, token: &str) -> Result<Option<Ceremony>> {
    let kept: Option<Json<Ceremony>> = sqlx::query_scalar(
        "DELETE FROM passkey_challenges WHERE token_hash = $1 AND expires_at > $2 RETURNING ceremony",
    )
    .bind(token_hash(token).as_slice())
    .bind(backend.now())
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    Ok(kept.map(|kept| kept.0))
}
