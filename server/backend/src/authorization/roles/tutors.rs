//! The role of a group's tutor. Who decides about groups gives it, without giving roles otherwise; nobody gives more than
//! they have.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::ids::{GivenRoleId, GroupId, PersonId, SchoolId};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::give::adds;
use super::grown::end_what_opens;
use super::lock_roles;
use super::stored::refuse_appointing;
use crate::audit::AuditEntry;
use crate::{Backend, Error, Result};

/// Makes people tutors of a group, and returns the entries for the audit log. If it gives somebody a permission that they do
/// not have today, they are signed out, as with every role.
///
/// # Errors
/// If the actor may not, or is one of them.
pub(crate) async fn appoint(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    (school, group): (SchoolId, GroupId),
    people: &[PersonId],
) -> Result<(Transaction<'static, Postgres>, Vec<AuditEntry>)> {
    lock_roles(&mut transaction, actor.organisation).await?;
    let place = Place::Group(school, group);
    let mut entries = Vec::new();
    let mut gaining = Vec::new();
    for person in people {
        if actor.person() == Some(*person) {
            return Err(Error::conflict(
                "own_role",
                "You can\u{2019}t make yourself a tutor. Ask a colleague who manages groups.",
            ));
        }
        transaction = refuse_appointing(backend, transaction, actor, (school, group), *person).await?;
        let rights = Role::GroupTutor.permissions();
        if adds(&mut transaction, backend, actor, *person, rights, place).await? {
            gaining.push(person.0);
        }
    }
    end_what_opens(backend, &mut transaction, actor.organisation, &gaining).await?;
    let ids: Vec<Uuid> = people.iter().map(|_| backend.new_id::<GivenRoleId>().0).collect();
    let given: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "INSERT INTO staff_roles (id, organisation_id, person_id, school_id, group_id, role, given_by, created_at)
         SELECT new.id, $1, new.person_id, $2, $3, $4, $5, $6
         FROM unnest($7::uuid[], $8::uuid[]) AS new (id, person_id)
         ON CONFLICT ON CONSTRAINT staff_roles_role_key
         DO UPDATE SET starts_on = NULL, ends_on = NULL, given_by = excluded.given_by
         RETURNING id, person_id",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(group.0)
    .bind(Role::GroupTutor.slug())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .bind(ids)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .fetch_all(&mut *transaction)
    .await?;
    for (id, person) in given {
        entries.push(
            AuditEntry::new(AuditAction::RoleGiven)
                .person(PersonId(person))
                .subject("given_role", id)
                .details(details(school, group)),
        );
    }
    Ok((transaction, entries))
}

/// Ends that somebody tutors a group, from their next request. Returns the entry for the audit log.
///
/// # Errors
/// If the actor may not, or they do not tutor it.
pub(crate) async fn dismiss(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    (school, group): (SchoolId, GroupId),
    person: PersonId,
) -> Result<(Transaction<'static, Postgres>, AuditEntry)> {
    lock_roles(&mut transaction, actor.organisation).await?;
    let mut transaction = refuse_appointing(backend, transaction, actor, (school, group), person).await?;
    let given: Uuid = sqlx::query_scalar(
        "DELETE FROM staff_roles
         WHERE organisation_id = $1 AND school_id = $2 AND group_id = $3 AND person_id = $4 AND role = $5
         RETURNING id",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(group.0)
    .bind(person.0)
    .bind(Role::GroupTutor.slug())
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("tutor"))?;
    let entry = AuditEntry::new(AuditAction::RoleTaken)
        .person(person)
        .subject("given_role", given)
        .details(details(school, group));
    Ok((transaction, entry))
}

fn details(school: SchoolId, group: GroupId) -> Value {
    json!({ "role": Role::GroupTutor.slug(), "school": school, "group": group })
}
