//! Removing a role.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{GivenRoleId, PersonId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::stored::{StoredRole, refuse_giving};
use super::{ensure_administrator_stays, has_lasting_administrator, lock_roles};
use crate::audit::{AuditEntry, record};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct AssignedRoleRow {
    person_id: Uuid,
    custom_role_id: Option<Uuid>,
    #[sqlx(flatten)]
    held: StoredRole,
}

/// Removes a role from someone, from their next request. The actor must be allowed to give it, and the last
/// administrator cannot be removed. Returns whose role it was.
pub async fn take(backend: &Backend, actor: &Actor, given: GivenRoleId) -> Result<PersonId> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ManageRoles, AnySchool).await?;
    lock_roles(&mut transaction, actor.organisation).await?;
    let row = find(&mut transaction, actor, given).await?;
    let assignment = row.held.on(at.today)?;
    let person = PersonId(row.person_id);
    let mut transaction =
        refuse_giving(backend, transaction, actor, assignment.permissions, assignment.place, person).await?;
    let before = has_lasting_administrator(backend, &mut transaction, actor.organisation).await?;
    sqlx::query("DELETE FROM staff_roles WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(given.0)
        .execute(&mut *transaction)
        .await?;
    ensure_administrator_stays(backend, &mut transaction, actor.organisation, before).await?;
    let role = row.held.role.or_else(|| row.custom_role_id.map(|id| id.to_string()));
    let entry = AuditEntry::new(AuditAction::RoleTaken)
        .person(person)
        .subject("given_role", given.0)
        .details(json!({ "role": role, "school": row.held.school, "group": row.held.group_id }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(person)
}

async fn find(connection: &mut PgConnection, actor: &Actor, given: GivenRoleId) -> Result<AssignedRoleRow> {
    sqlx::query_as(
        "SELECT r.person_id, r.custom_role_id, r.role, c.permissions AS custom, r.school_id AS school, r.group_id, r.starts_on, r.ends_on
         FROM staff_roles r LEFT JOIN custom_roles c ON c.id = r.custom_role_id
         WHERE r.organisation_id = $1 AND r.id = $2",
    )
    .bind(actor.organisation.0)
    .bind(given.0)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("role"))
}
