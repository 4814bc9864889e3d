//! Removing every link to a provider, so that everybody links their account again: after Greencap was registered there
//! again, people are somebody else to it.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::ProviderId;
use serde_json::json;

use super::{enter, find};
use crate::audit::AuditEntry;
use crate::audit::alerts::raise;
use crate::{Backend, Error, Result};

/// Removes all links to this provider's issuer and what waits to be linked, and alerts administrators. Returns how
/// many accounts were linked. Nobody is signed out; at their next sign-in with the provider, people are found by
/// their address and confirm their account, as the first time.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn relink(backend: &Backend, actor: &Actor, id: ProviderId) -> Result<u64> {
    let mut transaction = enter(backend, actor).await?;
    let provider =
        find(&mut transaction, actor.organisation, id).await?.ok_or(Error::NotFound("identity provider"))?;
    let removed = sqlx::query("DELETE FROM linked_identities WHERE organisation_id = $1 AND issuer = $2")
        .bind(actor.organisation.0)
        .bind(&provider.issuer)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    sqlx::query("DELETE FROM unlinked_identities WHERE organisation_id = $1 AND issuer = $2")
        .bind(actor.organisation.0)
        .bind(&provider.issuer)
        .execute(&mut *transaction)
        .await?;
    let entry = AuditEntry::new(AuditAction::ProviderChanged)
        .subject("identity provider", id.0)
        .details(json!({ "identity_provider": "links removed", "links": removed }));
    raise(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(removed)
}
