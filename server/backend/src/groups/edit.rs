//! Changing a teaching group: its name, its year and its courses; closing and opening it.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::fields::FieldErrors;
use domain::groups::name::GroupName;
use domain::ids::GroupId;
use serde_json::json;

use super::create::{GroupForm, name_taken, take_courses};
use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Group;
use crate::{Backend, Error, Result};

/// Changes a group's name, year and courses. Its tutors and members stay.
#[tracing::instrument(skip_all, fields(%group))]
pub async fn edit(backend: &Backend, actor: &Actor, group: GroupId, form: &GroupForm) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGroups, Group(group)).await?;
    let name = form.name.parse::<GroupName>().map_err(|error| FieldErrors::one("name", error.to_string()))?;
    let changed = sqlx::query(
        // A group that was made here has its name as its code; one of a file keeps the file's.
        "UPDATE groups SET code = CASE WHEN code = name THEN $4 ELSE code END, name = $4, academic_year_id = $5
         WHERE organisation_id = $1 AND school_id = $2 AND id = $3 AND kind = 'teaching'",
    )
    .bind(at.school.organisation.0)
    .bind(at.school.school.0)
    .bind(group.0)
    .bind(name.as_str())
    .bind(form.year.map(|year| year.0))
    .execute(&mut *transaction)
    .await
    .map_err(|error| name_taken(error, &name))?;
    if changed.rows_affected() == 0 {
        return Err(Error::NotFound("group"));
    }
    take_courses(backend, &mut transaction, &at.school, group, &form.courses).await?;
    let entry = AuditEntry::new(AuditAction::GroupChanged)
        .subject("group", group.0)
        .details(json!({ "group": group, "courses": form.courses, "year": form.year }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

/// Closes a group, or opens it again. Its members and tutors are kept; while it is closed nobody can join, and the role of
/// its tutors gives nothing.
///
/// # Errors
/// A conflict if it cannot open because another open group has its name.
#[tracing::instrument(skip_all, fields(%group, closed))]
pub async fn close(backend: &Backend, actor: &Actor, group: GroupId, closed: bool) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGroups, Group(group)).await?;
    let name = at.name.parse::<GroupName>().map_err(Error::unexpected)?;
    let changed = sqlx::query(
        "UPDATE groups SET closed_at = CASE WHEN $4 THEN coalesce(closed_at, $5) END
         WHERE organisation_id = $1 AND school_id = $2 AND id = $3 AND kind = 'teaching'",
    )
    .bind(at.school.organisation.0)
    .bind(at.school.school.0)
    .bind(group.0)
    .bind(closed)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await
    .map_err(|error| name_taken(error, &name))?;
    if changed.rows_affected() == 0 {
        return Err(Error::NotFound("group"));
    }
    let entry = AuditEntry::new(AuditAction::GroupChanged)
        .subject("group", group.0)
        .details(json!({ "group": group, "closed": closed }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
