//! Confirming a new address, with the link sent to it and in a session of the person who asked. The link
//! alone is useless to a stranger who got it by mistake.

use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::roll::address::{AddressKind, EmailAddress};
use serde_json::json;
use uuid::Uuid;

use super::lock;
use super::told::tell;
use crate::audit;
use crate::audit::AuditEntry;
use crate::roll::addresses::delivery;
use crate::sessions::session;
use crate::sessions::session::SignedIn;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// Returns the address that a link confirms for the signed-in person; `None` if it confirms nothing. Does not
/// use up the link.
pub async fn opened(backend: &Backend, who: &SignedIn, token: &str) -> Result<Option<String>> {
    let organisation = who.actor.organisation;
    let Some(hash) = backend.keys.address_confirmations.link_hash(token) else { return Ok(None) };
    Ok(sqlx::query_scalar(
        "SELECT new_value FROM address_changes
         WHERE organisation_id = $1 AND account_id = $2 AND confirm_hash = $3 AND confirmed_at IS NULL AND expires_at > $4",
    )
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(hash.as_slice())
    .bind(backend.now())
    .fetch_optional(&mut *backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction)
    .await?)
}

#[derive(sqlx::FromRow)]
struct ConfirmedEmailRow {
    id: Uuid,
    old_value: Option<String>,
    new_value: String,
}

/// Replaces the previous address with the one that a link confirms, notifies the previous one, and returns
/// it; `None` if the link confirms nothing. Links and codes sent to the old address stop working.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn confirm(backend: &Backend, who: &SignedIn, token: &str) -> Result<Option<String>> {
    let organisation = who.actor.organisation;
    let Some(hash) = backend.keys.address_confirmations.link_hash(token) else { return Ok(None) };
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    lock(&mut transaction, organisation, who.person, who.account).await?;
    session::hold(&mut transaction, who).await?;
    // If two browsers send the form at once, only one succeeds.
    let confirmed: Option<ConfirmedEmailRow> = sqlx::query_as(
        "UPDATE address_changes SET confirmed_at = $4
         WHERE organisation_id = $1 AND account_id = $2 AND confirm_hash = $3 AND confirmed_at IS NULL AND expires_at > $4
         RETURNING id, old_value, new_value",
    )
    .bind(organisation.0)
    .bind(who.account.0)
    .bind(hash.as_slice())
    .bind(backend.now())
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(confirmed) = confirmed else { return Ok(None) };
    let address: EmailAddress = confirmed.new_value.parse().map_err(Error::unexpected)?;
    delivery::put(backend, &mut transaction, organisation, who.person, &address).await?;
    if let Some(old) = confirmed.old_value {
        tell(backend, &mut transaction, organisation, &[(who.person, old)], Some(confirmed.id)).await?;
    }
    let entry = AuditEntry::new(AuditAction::AddressChanged)
        .person(who.person)
        .subject("address change", confirmed.id)
        .details(json!({ "change": "confirmed", "kind": AddressKind::Email.slug() }));
    audit::record(backend, &mut transaction, &who.actor, entry).await?;
    transaction.commit().await?;
    Ok(Some(confirmed.new_value))
}
