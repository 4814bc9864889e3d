//! The visitor's browser.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, OrganisationId};
use domain::sessions::device::Device;
use sqlx::PgConnection;

use crate::crypto::{random_token, token_hash};
use crate::{Backend, Result};

/// How long a browser is recognised without a sign-in.
pub const KNOWN_FOR: TimeDelta = TimeDelta::days(180);

/// What is known about a browser before anyone signs in with it.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Its IP address; `None` for this server itself.
    pub source: Option<IpAddr>,
    /// What it says about itself.
    pub device: Device,
    /// The token from an earlier sign-in (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
    pub known_as: Option<String>,
}

impl Visitor {
    /// An unrecognised browser on this machine.
    pub fn stranger() -> Self {
        Self { source: None, device: Device::default(), known_as: None }
    }

    /// The stored hash of its token.
    pub(crate) fn device_hash(&self) -> Option<[u8; 32]> {
        self.known_as.as_deref().map(token_hash)
    }
}

/// The earliest last use of a browser that is still recognised at `now`.
pub(crate) fn known_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - KNOWN_FOR
}

/// Makes an account recognise a browser, in the transaction of the sign-in, and returns the token for its
/// cookie. A token that Greencap did not issue is ignored, because the person who planted it would know it.
pub(crate) async fn remember(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    visitor: &Visitor,
) -> Result<String> {
    let now = backend.now();
    let (fresh, fresh_hash) = random_token(&*backend.random);
    let has_recent_step_up: bool = sqlx::query_scalar(
        "INSERT INTO known_devices AS k (device_hash, organisation_id, account_id, last_sign_in_at)
         VALUES (coalesce((SELECT device_hash FROM known_devices
                           WHERE organisation_id = $3 AND device_hash = $1 AND last_sign_in_at > $6 LIMIT 1), $2),
                 $3, $4, $5)
         ON CONFLICT (device_hash, account_id) DO UPDATE SET last_sign_in_at = excluded.last_sign_in_at
         RETURNING k.device_hash = $2",
    )
    .bind(visitor.device_hash().map(Vec::from))
    .bind(fresh_hash.as_slice())
    .bind(organisation.0)
    .bind(account.0)
    .bind(now)
    .bind(known_since(now))
    .fetch_one(connection)
    .await?;
    match &visitor.known_as {
        Some(known) if !has_recent_step_up => Ok(known.clone()),
        _ => Ok(fresh),
    }
}
