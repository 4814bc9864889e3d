//! Renaming a school, and changing how its office is reached. Its code stays: scripts and files use it.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use domain::roll::school::SchoolCode;
use serde_json::json;
use uuid::Uuid;

use super::form::SchoolForm;
use crate::audit::{AuditEntry, alerts, record};
use crate::tenancy::target::{School, SchoolWithCode};
use crate::{Backend, Error, Result};

/// Returns a school's values, for the form.
pub async fn school(backend: &Backend, actor: &Actor, code: &SchoolCode) -> Result<(SchoolId, SchoolForm)> {
    let found = backend.enter(actor, Permission::ManageSettings, SchoolWithCode(code)).await?;
    let (mut transaction, school) = (found.transaction, found.at);
    let (phone, email): (Option<String>, Option<String>) = sqlx::query_as(
        "SELECT office_phone, office_email FROM schools WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(school.school.0)
    .fetch_one(&mut *transaction)
    .await?;
    let form = SchoolForm {
        name: school.name,
        code: school.code,
        office_phone: phone.unwrap_or_default(),
        office_email: email.unwrap_or_default(),
    };
    Ok((school.school, form))
}

/// Changes a school's name and office. Administrators are alerted if replies to messages go to another
/// address.
///
/// # Errors
/// Every invalid field at once; nothing is changed then.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn change_school(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    form: &SchoolForm,
) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, School(school)).await?.transaction;
    let details = form.parse()?;
    let email = details.office.email.as_ref().map(ToString::to_string);
    let (id, own, of_organisation): (Uuid, Option<String>, Option<String>) = sqlx::query_as(
        "SELECT s.id, s.office_email, o.office_email FROM schools s JOIN organisations o ON o.id = s.organisation_id
         WHERE s.organisation_id = $1 AND s.id = $2 FOR NO KEY UPDATE OF s",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("school"))?;
    sqlx::query(
        "UPDATE schools SET name = $3, office_phone = $4, office_email = $5 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(id)
    .bind(details.name.as_str())
    .bind(details.office.phone.as_ref().map(ToString::to_string))
    .bind(&email)
    .execute(&mut *transaction)
    .await?;
    let entry = AuditEntry::new(AuditAction::SettingChanged).subject("school", id).details(json!({
        "setting": "school", "name": details.name.as_str(),
        "office_phone": details.office.phone, "office_email": email,
    }));
    // A school without an address of its own has that of the organisation.
    if own.as_ref().or(of_organisation.as_ref()) == email.as_ref().or(of_organisation.as_ref()) {
        record(backend, &mut transaction, actor, entry).await?;
    } else {
        alerts::raise(backend, &mut transaction, actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(())
}
