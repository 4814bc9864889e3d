//! Checking whether a provider can be used.

use domain::authorization::actor::Actor;
use domain::ids::ProviderId;

use super::{enter, find};
use crate::single_sign_on::issuers::Issuers;
use crate::{Backend, Error, Result};

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// The issuer answers, and publishes this many keys.
    Answers {
        /// The number of keys.
        keys: usize,
    },
    /// What is wrong, and what to do.
    Problem(String),
}

/// Requests the metadata of a provider's issuer.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn check(backend: &Backend, actor: &Actor, id: ProviderId) -> Result<Checked> {
    let row = find(&mut *enter(backend, actor).await?, actor.organisation, id)
        .await?
        .ok_or(Error::NotFound("identity provider"))?;
    Ok(match Issuers::refreshed(backend, &row.issuer).await {
        Ok(metadata) => Checked::Answers { keys: metadata.jwks().keys().len() },
        Err(problem) => Checked::Problem(problem.0),
    })
}
