//! A school's template for usernames.

use domain::accounts::settings::USERNAME_TEMPLATE;
use domain::accounts::template::UsernameTemplate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::SchoolId;
use serde_json::json;

use crate::audit::{AuditEntry, record};
use crate::settings::{of_school, set_for_school};
use crate::{Backend, Result};

/// The school's template; the usual one until it chooses another.
pub async fn template(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<UsernameTemplate> {
    backend.authorize(actor, Permission::ViewAccounts, Resource::School(actor.organisation, school))?;
    let mut connection = backend.tenant_transaction(actor.organisation).await?;
    of_school(&mut connection, actor.organisation, school, &USERNAME_TEMPLATE).await
}

/// Sets it, for the batches to come. Usernames that were made stay as they are.
pub async fn set_template(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    template: &UsernameTemplate,
) -> Result<()> {
    backend.authorize(actor, Permission::ManageSettings, Resource::School(actor.organisation, school))?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    set_for_school(backend, &mut transaction, actor.organisation, school, &USERNAME_TEMPLATE, template)
        .await?;
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .subject("school", school.0)
        .details(json!({ "setting": USERNAME_TEMPLATE.slug, "to": template }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
