//! The role of a group's tutor. Who decides about groups gives it, without giving roles otherwise; nobody gives more than
//! they have.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::place::Place;
use domain::authorization::policy::may_appoint_tutor;
use domain::authorization::role::Role;
use domain::ids::{GivenRoleId, GroupId, PersonId, SchoolId};
use serde_json::{Value, json};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::give::gaining;
use super::grown::end_what_opens;
use super::lock_roles;
use super::stored::refuse_appointing;
use crate::audit::AuditEntry;
use crate::{Backend, Error, Result};

/// A group that somebody tutors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TutorGift {
    /// The group.
    pub(crate) group: GroupId,
    /// The person.
    pub(crate) person: PersonId,
    /// The first day; `None` from now on.
    pub(crate) starts_on: Option<NaiveDate>,
    /// The last day; `None` for none.
    pub(crate) ends_on: Option<NaiveDate>,
}

impl TutorGift {
    /// From now on, without a last day.
    fn always(group: GroupId, person: PersonId) -> Self {
        Self { group, person, starts_on: None, ends_on: None }
    }
}

/// Makes people tutors of a group, and returns the entries for the audit log. If it gives somebody a permission that they do
/// not have today, they are signed out, as with every role.
///
/// # Errors
/// If the actor may not, of which administrators are told, or is one of them.
pub(crate) async fn appoint(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    (school, group): (SchoolId, GroupId),
    people: &[PersonId],
) -> Result<(Transaction<'static, Postgres>, Vec<AuditEntry>)> {
    for person in people {
        transaction = refuse_appointing(backend, transaction, actor, (school, group), *person).await?;
    }
    let gifts: Vec<TutorGift> = people.iter().map(|person| TutorGift::always(group, *person)).collect();
    let entries = give_groups(backend, &mut transaction, actor, school, &gifts).await?;
    Ok((transaction, entries))
}

/// Like [`appoint`], for a group that the caller's transaction creates.
pub(crate) async fn appoint_within(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    (school, group): (SchoolId, GroupId),
    people: &[PersonId],
) -> Result<Vec<AuditEntry>> {
    let gifts: Vec<TutorGift> = people.iter().map(|person| TutorGift::always(group, *person)).collect();
    give_groups(backend, connection, actor, school, &gifts).await
}

/// Refuses an actor who may not make these people tutors of a group, or is one of them.
pub(crate) fn refuse_tutors(
    actor: &Actor,
    (school, group): (SchoolId, GroupId),
    people: &[PersonId],
) -> Result<()> {
    if actor.person().is_some_and(|own| people.contains(&own)) {
        return Err(Error::conflict(
            "own_role",
            "You can\u{2019}t make yourself a tutor. Ask a colleague who manages groups.",
        ));
    }
    may_appoint_tutor(actor, school, group)?;
    Ok(())
}

/// Gives people their groups, in one statement for all of them.
///
/// # Errors
/// If the actor may not, or is one of them.
pub(crate) async fn give_groups(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: SchoolId,
    gifts: &[TutorGift],
) -> Result<Vec<AuditEntry>> {
    for gift in gifts {
        refuse_tutors(actor, (school, gift.group), &[gift.person])?;
    }
    lock_roles(connection, actor.organisation).await?;
    let rights = Role::GroupTutor.permissions();
    let given: Vec<(PersonId, Place)> =
        gifts.iter().map(|gift| (gift.person, Place::Group(school, gift.group))).collect();
    let gaining = gaining(connection, backend, actor, rights, &given).await?;
    end_what_opens(backend, connection, actor.organisation, &gaining).await?;
    let rows = sqlx::query_as::<_, GivenGroupRow>(
        "INSERT INTO staff_roles (id, organisation_id, person_id, school_id, group_id, role, starts_on, ends_on, given_by, created_at)
         SELECT new.id, $1, new.person_id, $2, new.group_id, $3, new.starts_on, new.ends_on, $4, $5
         FROM unnest($6::uuid[], $7::uuid[], $8::uuid[], $9::date[], $10::date[])
              AS new (id, person_id, group_id, starts_on, ends_on)
         ON CONFLICT ON CONSTRAINT staff_roles_role_key
         DO UPDATE SET starts_on = excluded.starts_on, ends_on = excluded.ends_on, given_by = excluded.given_by
         RETURNING id, person_id, group_id",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(Role::GroupTutor.slug())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .bind(gifts.iter().map(|_| backend.new_id::<GivenRoleId>().0).collect::<Vec<_>>())
    .bind(gifts.iter().map(|gift| gift.person.0).collect::<Vec<_>>())
    .bind(gifts.iter().map(|gift| gift.group.0).collect::<Vec<_>>())
    .bind(gifts.iter().map(|gift| gift.starts_on).collect::<Vec<_>>())
    .bind(gifts.iter().map(|gift| gift.ends_on).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.entry(AuditAction::RoleGiven, school)).collect())
}

#[derive(sqlx::FromRow)]
struct GivenGroupRow {
    id: Uuid,
    person_id: Uuid,
    group_id: Uuid,
}

impl GivenGroupRow {
    fn entry(&self, action: AuditAction, school: SchoolId) -> AuditEntry {
        AuditEntry::new(action)
            .person(PersonId(self.person_id))
            .subject("given_role", self.id)
            .details(details(school, GroupId(self.group_id)))
    }
}

/// What the log says of roles that an import gave and its undo takes. The undo itself removes them.
///
/// # Errors
/// If the actor may not.
pub(crate) async fn taken_back(
    connection: &mut PgConnection,
    actor: &Actor,
    school: SchoolId,
    given: &[Uuid],
) -> Result<Vec<AuditEntry>> {
    lock_roles(connection, actor.organisation).await?;
    let rows = sqlx::query_as::<_, GivenGroupRow>(
        "SELECT id, person_id, group_id FROM staff_roles
         WHERE organisation_id = $1 AND school_id = $2 AND group_id IS NOT NULL AND id = ANY ($3) ORDER BY id",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(given)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        may_appoint_tutor(actor, school, GroupId(row.group_id))?;
    }
    Ok(rows.iter().map(|row| row.entry(AuditAction::RoleTaken, school)).collect())
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
