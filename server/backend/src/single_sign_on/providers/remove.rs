//! Removing a provider.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::ProviderId;
use serde_json::json;

use crate::audit::{AuditEntry, record};
use crate::tenancy::target::Organisation;
use crate::{Backend, Error, Result};

/// Removes a provider: nobody can sign in with it any more. Links stay with its issuer, so that an administrator who
/// adds the same one again finds it as it was. Sessions go on; who should be out at once is stopped on the page of
/// their account.
#[tracing::instrument(skip_all, fields(provider = %id))]
pub async fn remove(backend: &Backend, actor: &Actor, id: ProviderId) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    let removed = sqlx::query("DELETE FROM identity_providers WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(id.0)
        .execute(&mut *transaction)
        .await?;
    if removed.rows_affected() == 0 {
        return Err(Error::NotFound("identity provider"));
    }
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .subject("identity provider", id.0)
        .details(json!({ "identity_provider": "removed" }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
