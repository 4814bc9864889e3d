//! A school's template for usernames.

use domain::accounts::settings::USERNAME_TEMPLATE;
use domain::accounts::template::UsernameTemplate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use serde_json::json;

use crate::audit::{AuditEntry, record};
use crate::settings::{of_school, set_for_school};
use crate::tenancy::target::{InSchool, School};
use crate::{Backend, Result};

/// Returns the school's template, or the default.
pub async fn template(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<UsernameTemplate> {
    let mut transaction = backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?.transaction;
    of_school(&mut transaction, actor.organisation, school, &USERNAME_TEMPLATE).await
}

/// Sets the template for future batches. Existing usernames do not change.
pub async fn set_template(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    template: &UsernameTemplate,
) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, School(school)).await?.transaction;
    set_for_school(backend, &mut transaction, actor.organisation, school, &USERNAME_TEMPLATE, template)
        .await?;
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .subject("school", school.0)
        .details(json!({ "setting": USERNAME_TEMPLATE.slug, "to": template }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
