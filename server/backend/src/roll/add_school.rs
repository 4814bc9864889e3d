//! Adding a school.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::ids::SchoolId;
use domain::roll::school::{SchoolCode, SchoolView};

use super::organisation::UNNAMED;
use crate::audit::{self, AuditEntry};
use crate::error::breaks_constraint;
use crate::tenancy::target::Organisation;
use crate::{Backend, Error, Result};

/// The longest name of a school, in characters.
const MAX_NAME: usize = 200;

/// Adds a school. An organisation without a name takes the name of its first school.
pub async fn add_school(
    backend: &Backend,
    actor: &Actor,
    code: &SchoolCode,
    name: &str,
) -> Result<SchoolView> {
    let mut transaction = backend.enter(actor, Permission::ManageSettings, Organisation).await?.transaction;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > MAX_NAME {
        let message = format!("Enter the school\u{2019}s name, in at most {MAX_NAME} characters.");
        return Err(FieldErrors::one("name", message).into());
    }
    let id: SchoolId = backend.new_id();
    let added = sqlx::query(
        "INSERT INTO schools (id, organisation_id, code, name, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id.0)
    .bind(actor.organisation.0)
    .bind(code.to_string())
    .bind(&name)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await;
    match added {
        Err(error) if breaks_constraint(&error, "schools_code_key") => {
            return Err(Error::conflict(
                "school_exists",
                format!("There is already a school with the code {code}. Nothing was changed."),
            ));
        }
        other => other?,
    };
    sqlx::query("UPDATE organisations SET name = $2 WHERE id = $1 AND name = $3")
        .bind(actor.organisation.0)
        .bind(&name)
        .bind(UNNAMED)
        .execute(&mut *transaction)
        .await?;
    let entry = AuditEntry::new(AuditAction::SchoolAdded).subject("school", id.0);
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(SchoolView { id, code: code.to_string(), name })
}
