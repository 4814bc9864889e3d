//! Adding a provider, or changing one.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::ProviderId;
use domain::single_sign_on::EmailDomain;
use serde_json::json;

use super::{ProviderForm, enter, find};
use crate::audit::AuditEntry;
use crate::audit::alerts::raise;
use crate::error::breaks_constraint;
use crate::{Backend, Error, Result};

/// Saves a provider's settings, and alerts administrators. A different issuer is a different provider: existing links stay with their
/// issuer and do not work for the new one.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn save(backend: &Backend, actor: &Actor, id: ProviderId, form: &ProviderForm) -> Result<()> {
    let mut transaction = enter(backend, actor).await?;
    let before = find(&mut transaction, actor.organisation, id).await?;
    let settings =
        form.parse(before.as_ref().map(|before| before.issuer.as_str()), !backend.config.is_https())?;
    let secret = match (&settings.client_secret, &before) {
        (Some(secret), _) => backend.keys.provider_secrets.seal(&*backend.random, id.0, secret)?,
        (None, Some(before)) => before.client_secret.clone(),
        (None, None) => Vec::new(),
    };
    sqlx::query(
        "INSERT INTO identity_providers
             (id, organisation_id, kind, name, issuer, client_id, client_secret, domains, trusts_second_factor, enabled, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (organisation_id, id) DO UPDATE
         SET kind = excluded.kind, name = excluded.name, issuer = excluded.issuer, client_id = excluded.client_id,
             client_secret = excluded.client_secret, domains = excluded.domains,
             trusts_second_factor = excluded.trusts_second_factor, enabled = excluded.enabled",
    )
    .bind(id.0)
    .bind(actor.organisation.0)
    .bind(settings.kind.slug())
    .bind(&settings.name)
    .bind(&settings.issuer)
    .bind(&settings.client_id)
    .bind(secret)
    .bind(settings.domains.iter().map(EmailDomain::as_str).collect::<Vec<_>>())
    .bind(form.trusts_second_factor)
    .bind(form.enabled)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await
    .map_err(|error| {
        // The id comes from the page's address, and may be another organisation's.
        if breaks_constraint(&error, "identity_providers_pkey") {
            Error::NotFound("identity provider")
        } else {
            error.into()
        }
    })?;
    let entry =
        AuditEntry::new(AuditAction::ProviderChanged).subject("identity provider", id.0).details(json!({
            "identity_provider": if before.is_some() { "changed" } else { "added" },
            "kind": settings.kind.slug(),
            "enabled": form.enabled,
            "trusts_second_factor": form.trusts_second_factor,
            "issuer_changed": before.as_ref().is_some_and(|before| before.issuer != settings.issuer),
            "domains": settings.domains.len(),
            "secret_replaced": settings.client_secret.is_some(),
        }));
    raise(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
