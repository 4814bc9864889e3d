//! Which schools require their people to sign in with a provider.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::fields::FieldErrors;
use domain::ids::SchoolId;
use domain::single_sign_on::settings::{SINGLE_SIGN_ON, SingleSignOnUse};
use serde_json::json;

use super::enter;
use crate::audit::AuditEntry;
use crate::audit::alerts::raise;
use crate::settings::set_for_all_schools;
use crate::{Backend, Result};

/// Sets that the people of exactly these schools must sign in with a provider.
#[tracing::instrument(skip_all)]
pub async fn require(backend: &Backend, actor: &Actor, schools: &[SchoolId]) -> Result<()> {
    let mut transaction = enter(backend, actor).await?;
    let any: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM identity_providers WHERE organisation_id = $1 AND enabled)",
    )
    .bind(actor.organisation.0)
    .fetch_one(&mut *transaction)
    .await?;
    if !any && !schools.is_empty() {
        return Err(FieldErrors::one("schools", "Add a provider first.").into());
    }
    let choice = |school| SingleSignOnUse::when_required(schools.contains(&school));
    set_for_all_schools(backend, &mut transaction, actor.organisation, &SINGLE_SIGN_ON, choice).await?;
    let entry = AuditEntry::new(AuditAction::ProviderChanged)
        .details(json!({ "single_sign_on_required_by_schools": schools }));
    raise(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
