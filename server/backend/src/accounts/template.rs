//! A school's template for usernames.

use domain::accounts::settings::{GUARDIAN_USERNAME_TEMPLATE, USERNAME_TEMPLATE};
use domain::accounts::template::UsernameTemplate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use serde_json::json;

use super::create::Among;
use crate::audit::{AuditEntry, record};
use crate::settings::{of_school, set_for_school};
use crate::tenancy::target::{InSchool, School};
use crate::{Backend, Result};

/// Returns the school's template for students and staff, or the default.
pub async fn template(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<UsernameTemplate> {
    template_for(backend, actor, school, Among::Students).await
}

/// Returns the school's template for people of one kind, or the default.
pub async fn template_for(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    among: Among,
) -> Result<UsernameTemplate> {
    let setting = match among {
        Among::Students | Among::Staff => &USERNAME_TEMPLATE,
        Among::Guardians => &GUARDIAN_USERNAME_TEMPLATE,
    };
    let mut transaction = backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?.transaction;
    of_school(&mut transaction, actor.organisation, school, setting).await
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
