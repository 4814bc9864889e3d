//! Removing a provider.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::ProviderId;
use serde_json::json;

use super::enter;
use crate::audit::AuditEntry;
use crate::audit::alerts::raise;
use crate::{Backend, Error, Result};

/// Removes a provider, so that nobody can sign in with it. Links to its issuer are kept, so adding the same
/// provider again restores them. Sessions continue; to sign someone out at once, disable their account or end
/// their sessions.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn remove(backend: &Backend, actor: &Actor, id: ProviderId) -> Result<()> {
    let mut transaction = enter(backend, actor).await?;
    let removed = sqlx::query("DELETE FROM identity_providers WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(id.0)
        .execute(&mut *transaction)
        .await?;
    if removed.rows_affected() == 0 {
        return Err(Error::NotFound("identity provider"));
    }
    let entry = AuditEntry::new(AuditAction::ProviderChanged)
        .subject("identity provider", id.0)
        .details(json!({ "identity_provider": "removed" }));
    raise(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
