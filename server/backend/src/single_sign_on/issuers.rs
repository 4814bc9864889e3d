//! What issuers publish about themselves: their endpoints and keys (OpenID Connect Discovery 1.0), cached for
//! a while.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata, TokenUrl};
use serde::{Deserialize, Serialize};
use tokio::sync::RwLock;

use super::web::{ProviderClient, Web, WebError, is_safe};
use crate::Backend;

/// How long cached metadata is used.
const HOLDS: TimeDelta = TimeDelta::hours(1);

/// A token with an unknown key triggers a new look-up, at most this often, so that forged tokens cause no
/// more requests.
const LOOKS_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// Metadata not covered by OpenID Connect Discovery.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ExtraMetadata {
    /// Whether its responses name it (RFC 9207, section 3).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for ExtraMetadata {}

/// An issuer's metadata.
pub(super) type Metadata = ProviderMetadata<
    ExtraMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Why an issuer cannot be used: a sentence for administrators.
#[derive(Debug)]
pub(super) struct IssuerProblem(pub(super) String);

/// The issuers' cached metadata.
#[derive(Default)]
pub struct Issuers {
    web: Web,
    known: RwLock<HashMap<String, Published>>,
}

#[derive(Clone)]
struct Published {
    metadata: Arc<Metadata>,
    at: DateTime<Utc>,
}

impl Issuers {
    /// Returns an issuer's metadata.
    pub(super) async fn of(backend: &Backend, issuer: &str) -> Result<Arc<Metadata>, IssuerProblem> {
        Self::no_older_than(backend, issuer, HOLDS).await
    }

    /// Like [`Self::of`], but fetches it again unless that was just done: an issuer can change its keys at
    /// any time.
    pub(super) async fn again(backend: &Backend, issuer: &str) -> Result<Arc<Metadata>, IssuerProblem> {
        Self::no_older_than(backend, issuer, LOOKS_AGAIN).await
    }

    /// Like [`Self::of`], but always fetches it again, for administrators who have just changed something
    /// there.
    pub(super) async fn refreshed(backend: &Backend, issuer: &str) -> Result<Arc<Metadata>, IssuerProblem> {
        Self::no_older_than(backend, issuer, TimeDelta::zero()).await
    }

    async fn no_older_than(
        backend: &Backend,
        issuer: &str,
        age: TimeDelta,
    ) -> Result<Arc<Metadata>, IssuerProblem> {
        let (issuers, now) = (backend.memory.of::<Self>(), backend.now());
        let known = issuers.known.read().await.get(issuer).cloned();
        if let Some(known) = known.filter(|known| now < known.at + age) {
            return Ok(known.metadata);
        }
        let metadata = Arc::new(issuers.discover(!backend.config.is_https(), issuer).await?);
        let published = Published { metadata: metadata.clone(), at: now };
        issuers.known.write().await.insert(issuer.to_owned(), published);
        Ok(metadata)
    }

    async fn discover(&self, loopback: bool, issuer: &str) -> Result<Metadata, IssuerProblem> {
        let address = IssuerUrl::new(issuer.to_owned())
            .map_err(|_| IssuerProblem("The issuer is not a URL.".to_owned()))?;
        let asking = self.web.asking(loopback);
        let metadata = Metadata::discover_async(address, &asking).await.map_err(IssuerProblem::from)?;
        let endpoints =
            [Some(metadata.authorization_endpoint().url()), metadata.token_endpoint().map(TokenUrl::url)];
        if !endpoints.into_iter().all(|url| url.is_some_and(|url| is_safe(url, loopback))) {
            return Err(IssuerProblem(
                "The issuer does not publish sign-in and token addresses that start with https://."
                    .to_owned(),
            ));
        }
        if metadata.jwks().keys().is_empty() {
            return Err(IssuerProblem("The issuer publishes no keys to verify its tokens.".to_owned()));
        }
        Ok(metadata)
    }

    /// The client for an issuer's non-public endpoints.
    pub(super) fn asking(backend: &Backend) -> ProviderClient {
        backend.memory.of::<Self>().web.asking(!backend.config.is_https())
    }
}

impl From<DiscoveryError<WebError>> for IssuerProblem {
    fn from(error: DiscoveryError<WebError>) -> Self {
        Self(match error {
            DiscoveryError::Request(error) => format!("The issuer cannot be used: {error}."),
            DiscoveryError::Response(status, ..) => format!(
                "There is no OpenID Connect issuer at this address (it returned {}). Copy the address from the provider, without \u{201c}/.well-known/openid-configuration\u{201d}.",
                status.as_u16()
            ),
            DiscoveryError::Validation(_) => {
                "The issuer\u{2019}s own address is different. Copy it exactly, with or without the slash at the end.".to_owned()
            }
            _ => "This address does not return OpenID Connect configuration.".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
