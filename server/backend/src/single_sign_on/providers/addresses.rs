//! By which addresses people are found at their first sign-in with a provider.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::settings::SettingValue as _;
use domain::single_sign_on::settings::{SIGN_IN_ADDRESSES, SignInAddresses};
use serde_json::json;

use super::enter;
use crate::audit::AuditEntry;
use crate::audit::alerts::raise;
use crate::settings::{SettingsOf, set_values};
use crate::{Backend, Result};

/// Sets which addresses count, and alerts administrators.
#[tracing::instrument(skip_all)]
pub async fn set_addresses(backend: &Backend, actor: &Actor, counts: SignInAddresses) -> Result<()> {
    let mut transaction = enter(backend, actor).await?;
    let value = [(SIGN_IN_ADDRESSES.slug, counts.stored())];
    set_values(backend, &mut transaction, actor.organisation, SettingsOf::Organisation, &value).await?;
    let entry = AuditEntry::new(AuditAction::ProviderChanged)
        .details(json!({ "addresses_for_the_first_sign_in": counts.typed() }));
    raise(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
