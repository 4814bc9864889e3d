//! Going to a provider and back (OpenID Connect Core 1.0, section 3.1, with PKCE, RFC 7636). A response
//! counts once, within ten minutes, in the same browser, and from the same provider (OWASP ASVS 5.0, V10.5).

use domain::ids::ProviderId;
use domain::single_sign_on::RefusedVisit;

use super::identify::identify;
use super::issuers::Issuers;
use super::providers::Provider;
use super::refused::{RefusedPerson, note};
use super::token::{NotConfirmed, VisitSecrets, address, redeem};
use crate::credentials::constant_time::in_constant_time;
use crate::credentials::limits;
use crate::credentials::limits::PROVIDER_SOURCE;
use crate::crypto::{random_token, token_hash};
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::FLOW_LIVES;
use crate::sign_in::sign_in::SignInOutcome;
use crate::{Backend, Error, Result};

/// The start of a visit.
pub enum VisitStart {
    /// The browser goes to the provider.
    Out {
        /// The provider's URL.
        address: String,
        /// What the browser keeps until it returns.
        token: String,
    },
    /// The provider does not answer, or not correctly.
    Unreachable,
    /// Too many attempts from this network.
    Slowed,
}

/// Sends a browser to a provider. `next` is where to go after the sign-in: a path of this site. `step_up`
/// also asks for a proof if the provider has already signed the person in.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn set_out(
    backend: &Backend,
    visitor: &Visitor,
    id: ProviderId,
    next: Option<&str>,
    step_up: bool,
) -> Result<VisitStart> {
    if !limits::take(backend, &[PROVIDER_SOURCE.from(backend, visitor.source)]).await? {
        return Ok(VisitStart::Slowed);
    }
    let provider = Provider::enabled(backend, id).await?.ok_or(Error::NotFound("identity provider"))?;
    let metadata = match Issuers::of(backend, &provider.issuer).await {
        Ok(metadata) => metadata,
        Err(problem) => {
            tracing::warn!(problem = problem.0, "single_sign_on.unreachable");
            return Ok(VisitStart::Unreachable);
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
    Ok(VisitStart::Out { address, token })
}

/// The parameters a browser returns with.
#[derive(Debug, Clone, Default)]
pub struct ProviderParams {
    /// The value that Greencap sent.
    pub state: String,
    /// The provider's code to exchange for a token.
    pub code: Option<String>,
    /// Why the provider gave no code (RFC 6749, section 4.1.2.1).
    pub error: Option<String>,
    /// The issuer (RFC 9207).
    pub iss: Option<String>,
}

/// How a visit ended.
pub enum VisitEnd {
    /// They were identified: continue to a session or the next step, and then to a path of this site.
    Known(SignInOutcome, Option<String>),
    /// The provider with this name confirmed them, but they have no usable account here. The response is the
    /// same for all reasons: nobody has the address, the account is not invited, disabled or closed, or it is
    /// linked to someone else.
    Unknown(String),
    /// They cancelled at the provider.
    Cancelled,
    /// The response is invalid: too late, repeated, in another browser, or forged.
    Unconfirmed,
    /// The provider's clock and ours differ by more than is tolerated.
    Clock,
    /// The provider does not answer.
    Unreachable,
}

/// Handles a browser's return. `token` is what it kept of the visit, `who` is signed in in it.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn come_back(
    backend: &Backend,
    visitor: &Visitor,
    id: ProviderId,
    token: &str,
    brought: ProviderParams,
    who: Option<&SignedIn>,
) -> Result<VisitEnd> {
    // The time must not reveal whether someone has the address.
    let unheard = |end: &Result<VisitEnd>| {
        matches!(end, Ok(VisitEnd::Unknown(_) | VisitEnd::Known(SignInOutcome::Owes(_), _)))
    };
    in_constant_time(judge(backend, visitor, id, token, brought, who), unheard).await
}

async fn judge(
    backend: &Backend,
    visitor: &Visitor,
    id: ProviderId,
    token: &str,
    brought: ProviderParams,
    who: Option<&SignedIn>,
) -> Result<VisitEnd> {
    // Of two concurrent returns, only one finds the row.
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
    // Nothing is asked of a provider that did not send a code.
    if brought.code.as_deref().is_some_and(|code| code.trim().is_empty()) {
        return Ok(unconfirmed("an empty code"));
    }
    let Some(provider) = Provider::enabled(backend, id).await? else {
        return Ok(unconfirmed("provider turned off"));
    };
    let Ok(metadata) = Issuers::of(backend, &provider.issuer).await else { return Ok(VisitEnd::Unreachable) };
    let names_itself = metadata.additional_metadata().authorization_response_iss_parameter_supported;
    match &brought.iss {
        Some(iss) if *iss != provider.issuer => return Ok(unconfirmed("response from another issuer")),
        None if names_itself => return Ok(unconfirmed("response without issuer")),
        _ => {}
    }
    let code = match (brought.code, brought.error.as_deref()) {
        (Some(code), None) => code,
        (_, Some("access_denied")) => return Ok(VisitEnd::Cancelled),
        _ => return Ok(unconfirmed("no code")),
    };
    let secrets = VisitSecrets::of(backend, token);
    let refused = match redeem(backend, &provider, &metadata, secrets, code).await? {
        Ok(confirmed) => match identify(backend, visitor, &provider, confirmed, asked_anew, who).await? {
            Ok(end) => return Ok(VisitEnd::Known(end, next)),
            Err(refused) => refused,
        },
        Err(NotConfirmed::Unreachable) => return Ok(VisitEnd::Unreachable),
        Err(NotConfirmed::Clock) => RefusedPerson { people: Vec::new(), reason: RefusedVisit::Clock },
        Err(NotConfirmed::Wrong(reason)) => {
            tracing::warn!(reason, "single_sign_on.unconfirmed");
            RefusedPerson { people: Vec::new(), reason: RefusedVisit::Invalid }
        }
    };
    note(backend, visitor, provider.organisation, provider.id, &refused).await?;
    Ok(match refused.reason {
        RefusedVisit::Clock => VisitEnd::Clock,
        RefusedVisit::Invalid => VisitEnd::Unconfirmed,
        _ => VisitEnd::Unknown(provider.name),
    })
}

/// The same response for everyone, with the reason in the log for the person who configured the provider.
fn unconfirmed(reason: &'static str) -> VisitEnd {
    tracing::warn!(reason, "single_sign_on.unconfirmed");
    VisitEnd::Unconfirmed
}
