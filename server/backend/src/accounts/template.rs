//! A school's template for usernames.

use domain::accounts::settings::{GUARDIAN_USERNAME_TEMPLATE, USERNAME_TEMPLATE};
use domain::accounts::template::UsernameTemplate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use domain::settings::Setting;
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
    let mut transaction = backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?.transaction;
    of_school(&mut transaction, actor.organisation, school, setting(among)).await
}

/// The setting with the template for people of one kind.
fn setting(among: Among) -> &'static Setting<UsernameTemplate> {
    match among {
        Among::Students | Among::Staff => &USERNAME_TEMPLATE,
        Among::Guardians => &GUARDIAN_USERNAME_TEMPLATE,
    }
}

/// Sets the template of people of one kind for future batches. Existing usernames do not change.
pub async fn set_template(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    among: Among,
    template: &UsernameTemplate,
) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, School(school)).await?.transaction;
    let setting = setting(among);
    set_for_school(backend, &mut transaction, actor.organisation, school, setting, template).await?;
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .subject("school", school.0)
        .details(json!({ "setting": setting.slug, "to": template }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
