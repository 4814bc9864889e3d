//! A school's template for usernames.

use domain::accounts::template::UsernameTemplate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::SchoolId;
use serde_json::json;
use sqlx::types::Json;

use crate::audit::{AuditEntry, record};
use crate::{Backend, Error, Result};

/// The school's template; the usual one until it chooses another.
pub async fn template(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<UsernameTemplate> {
    backend.authorize(actor, Permission::ViewAccounts, Resource::School(actor.organisation, school))?;
    let template = sqlx::query_scalar::<_, Option<Json<UsernameTemplate>>>(
        "SELECT username_template FROM schools WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .fetch_optional(&mut *backend.tenant_transaction(actor.organisation).await?)
    .await?
    .ok_or(Error::NotFound("school"))?;
    Ok(template.map(|Json(template)| template).unwrap_or_default())
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
    let set = sqlx::query("UPDATE schools SET username_template = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(school.0)
        .bind(Json(template))
        .execute(&mut *transaction)
        .await?;
    if set.rows_affected() == 0 {
        return Err(Error::NotFound("school"));
    }
    let entry = AuditEntry::new(AuditAction::SettingChanged)
        .subject("school", school.0)
        .details(json!({ "setting": "username_template", "to": template }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
