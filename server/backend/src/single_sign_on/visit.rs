//! To a provider and back (OpenID Connect Core 1.0, section 3.1, with PKCE, RFC 7636): what comes back counts once,
//! within ten minutes, in the browser that went, and from the provider that it went to (OWASP ASVS 5.0, V10.5).

use domain::ids::ProviderId;

use super::identify::identify;
use super::issuers::Issuers;
use super::providers::Provider;
use super::token::{NotConfirmed, VisitSecrets, address, redeem};
use crate::credentials::constant_time::in_constant_time;
use crate::credentials::limits;
use crate::credentials::limits::PROVIDER_SOURCE;
use crate::crypto::{random_token, token_hash};
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::FLOW_LIVES;
use crate::sign_in::sign_in::SignIn;
use crate::{Backend, Error, Result};

/// The way to a provider.
pub enum Setting {
    /// There it goes.
    Out {
        /// The address at the provider.
        address: String,
        /// What the browser keeps until it is back.
        token: String,
    },
    /// The provider does not answer, or not as it should.
    Unreachable,
    /// Too many attempts from this network.
    Slowed,
}

/// Sends a browser to a provider. `next` is where to go after the sign-in: a path of this site. `step_up` also asks for
/// a proof from those whom the provider has signed in already.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn set_out(
    backend: &Backend,
    visitor: &Visitor,
    id: ProviderId,
    next: Option<&str>,
    step_up: bool,
) -> Result<Setting> {
    if !limits::take(backend, &[PROVIDER_SOURCE.from(backend, visitor.source)]).await? {
        return Ok(Setting::Slowed);
    }
    let provider = Provider::enabled(backend, id).await?.ok_or(Error::NotFound("identity provider"))?;
    let metadata = match Issuers::of(backend, &provider.issuer).await {
        Ok(metadata) => metadata,
        Err(problem) => {
            tracing::warn!(problem = problem.0, "single_sign_on.unreachable");
            return Ok(Setting::Unreachable);
        }
    };
    let (token, browser_hash) = random_token(&*backend.random);
    let (state, state_hash) = random_token(&*backend.random);
    let now = backend.now();
    sqlx::query(
        "WITH past AS (DELETE FROM provider_visits WHERE expires_at <= $6)
         INSERT INTO provider_visits
             (state_hash, organisation_id, provider_id, browser_hash, next, asked_anew, expires_at)
         VALUES ($1, $2, $3, $4, $5, $8, $7)",
    )
    .bind(state_hash.as_slice())
    .bind(provider.organisation.0)
    .bind(provider.id.0)
    .bind(browser_hash.as_slice())
    .bind(next)
    .bind(now)
    .bind(now + FLOW_LIVES)
    .bind(step_up)
    .execute(&mut *backend.system_connection().await?)
    .await?;
    let secrets = VisitSecrets::of(backend, &token);
    let address = address(backend, &provider, &metadata, secrets, state, step_up)?;
    Ok(Setting::Out { address, token })
}

/// What a browser brings back in the address.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// What we gave it.
    pub state: String,
    /// What the provider gave it to be exchanged for a token.
    pub code: Option<String>,
    /// Why the provider gave it nothing (RFC 6749, section 4.1.2.1).
    pub error: Option<String>,
    /// Which issuer says so (RFC 9207).
    pub iss: Option<String>,
}

/// How it ended.
pub enum Back {
    /// They are known: on to a session, or to the next step, and after it to a path of this site.
    Known(SignIn, Option<String>),
    /// The provider of this name knows them, and we do not. One answer for all reasons: nobody has the address, their
    /// account is not invited, stopped or closed, or it is linked to someone else.
    Unknown(String),
    /// They did not go on at the provider.
    Cancelled,
    /// What came back is not what it should be: too late, a second time, in another browser, made up.
    Unconfirmed,
    /// The provider does not answer.
    Unreachable,
}

/// Takes a browser back. `token` is what it kept of the visit.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn come_back(
    backend: &Backend,
    visitor: &Visitor,
    id: ProviderId,
    token: &str,
    brought: Brought,
) -> Result<Back> {
    // Whether someone has the address shows in nothing.
    let unheard = |end: &Result<Back>| matches!(end, Ok(Back::Unknown(_) | Back::Known(SignIn::Owes(_), _)));
    in_constant_time(judge(backend, visitor, id, token, brought), unheard).await
}

async fn judge(
    backend: &Backend,
    visitor: &Visitor,
    id: ProviderId,
    token: &str,
    brought: Brought,
) -> Result<Back> {
    // Of two that bring the same at once, one finds the row.
    let visit: Option<(Option<String>, bool)> = sqlx::query_as(
        "DELETE FROM provider_visits
         WHERE state_hash = $1 AND provider_id = $2 AND browser_hash = $3 AND expires_at > $4
         RETURNING next, asked_anew",
    )
    .bind(token_hash(&brought.state).as_slice())
    .bind(id.0)
    .bind(token_hash(token).as_slice())
    .bind(backend.now())
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    let Some((next, asked_anew)) = visit else { return Ok(unconfirmed("no such visit")) };
    let Some(provider) = Provider::enabled(backend, id).await? else {
        return Ok(unconfirmed("provider turned off"));
    };
    let Ok(metadata) = Issuers::of(backend, &provider.issuer).await else { return Ok(Back::Unreachable) };
    let names_itself = metadata.additional_metadata().authorization_response_iss_parameter_supported;
    match &brought.iss {
        Some(iss) if *iss != provider.issuer => return Ok(unconfirmed("answer of another issuer")),
        None if names_itself => return Ok(unconfirmed("answer of no issuer")),
        _ => {}
    }
    let code = match (brought.code, brought.error.as_deref()) {
        (Some(code), None) => code,
        (_, Some("access_denied")) => return Ok(Back::Cancelled),
        _ => return Ok(unconfirmed("no code")),
    };
    let secrets = VisitSecrets::of(backend, token);
    match redeem(backend, &provider, &metadata, secrets, code).await? {
        Ok(confirmed) => Ok(match identify(backend, visitor, &provider, confirmed, asked_anew).await? {
            Some(end) => Back::Known(end, next),
            None => Back::Unknown(provider.name),
        }),
        Err(NotConfirmed::Unreachable) => Ok(Back::Unreachable),
        Err(NotConfirmed::Wrong(reason)) => Ok(unconfirmed(reason)),
    }
}

/// The same answer for everyone, and the reason in the log for the person who set up the provider.
fn unconfirmed(reason: &'static str) -> Back {
    tracing::warn!(reason, "single_sign_on.unconfirmed");
    Back::Unconfirmed
}
