//! Adding a school.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::ids::SchoolId;
use domain::roll::school::SchoolView;

use super::form::SchoolForm;
use crate::audit::{AuditEntry, record};
use crate::error::breaks_constraint;
use crate::roll::organisation::UNNAMED;
use crate::tenancy::target::Organisation;
use crate::{Backend, Result};

/// Adds a school. An organisation without a name takes the name of its first school.
#[tracing::instrument(skip_all)]
pub async fn add_school(backend: &Backend, actor: &Actor, form: &SchoolForm) -> Result<SchoolView> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    let (code, school) = form.parse_new()?;
    let id: SchoolId = backend.new_id();
    let added = sqlx::query(
        "INSERT INTO schools (id, organisation_id, code, name, office_phone, office_email, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.0)
    .bind(actor.organisation.0)
    .bind(code.to_string())
    .bind(school.name.as_str())
    .bind(school.office.phone.as_ref().map(ToString::to_string))
    .bind(school.office.email.as_ref().map(ToString::to_string))
    .bind(backend.now())
    .execute(&mut *transaction)
    .await;
    match added {
        Err(error) if breaks_constraint(&error, "schools_code_key") => {
            let message = format!("There is already a school with the code {code}. Choose another code.");
            return Err(FieldErrors::one("code", message).into());
        }
        other => other?,
    };
    sqlx::query("UPDATE organisations SET name = $2 WHERE id = $1 AND name = $3")
        .bind(actor.organisation.0)
        .bind(school.name.as_str())
        .bind(UNNAMED)
        .execute(&mut *transaction)
        .await?;
    let entry = AuditEntry::new(AuditAction::SchoolAdded).subject("school", id.0);
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(SchoolView { id, code: code.to_string(), name: school.name.to_string() })
}
