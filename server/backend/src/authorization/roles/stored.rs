//! Roles as stored, and the rules that consider all holders together.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::permission::{Permission, PermissionSet};
use domain::authorization::place::Place;
use domain::authorization::policy::{Refusal, may_appoint_tutor, may_do_everything, may_give, reaches_up_to};
use domain::authorization::role::{Role, ValidityPeriod};
use domain::ids::{GroupId, OrganisationId, PersonId, SchoolId};
use serde::Deserialize;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::audit::{AuditEntry, alerts};
use crate::{Backend, Error, Result};

/// An assigned role.
#[derive(Debug, Clone, Deserialize, sqlx::FromRow)]
pub(crate) struct StoredRole {
    /// The built-in role, if it is one.
    pub(super) role: Option<String>,
    /// The permissions, if it is one of the organisation's own.
    pub(super) custom: Option<Vec<String>>,
    pub(super) school: Option<Uuid>,
    pub(super) group_id: Option<Uuid>,
    pub(super) starts_on: Option<NaiveDate>,
    pub(super) ends_on: Option<NaiveDate>,
}

impl StoredRole {
    /// Converts it for the policy, on a given day.
    pub(crate) fn on(&self, today: NaiveDate) -> Result<RoleAssignment> {
        Ok(RoleAssignment {
            permissions: permissions(self.role.as_deref(), self.custom.as_deref())?,
            place: self.place()?,
            holds: self.validity_period()?.on(today),
        })
    }

    /// The place where it applies.
    pub(super) fn place(&self) -> Result<Place> {
        match (self.school.map(SchoolId), self.group_id.map(GroupId)) {
            (None, None) => Ok(Place::Organisation),
            (Some(school), None) => Ok(Place::School(school)),
            (Some(school), Some(group)) => Ok(Place::Group(school, group)),
            (None, Some(_)) => Err(Error::unexpected("a role for a group without a school")),
        }
    }

    pub(super) fn validity_period(&self) -> Result<ValidityPeriod> {
        ValidityPeriod::new(self.starts_on, self.ends_on).map_err(Error::unexpected)
    }
}

/// The permissions of a role, built-in or not.
pub(super) fn permissions(role: Option<&str>, custom: Option<&[String]>) -> Result<PermissionSet> {
    match (role, custom) {
        (Some(slug), None) => Role::from_slug(slug)
            .map(Role::permissions)
            .ok_or_else(|| Error::unexpected(format!("role {slug}"))),
        // A permission that this version does not recognise gives nothing.
        (None, Some(slugs)) => Ok(slugs.iter().filter_map(|slug| Permission::from_slug(slug)).collect()),
        _ => Err(Error::unexpected("a role that is neither built in nor custom")),
    }
}

#[derive(sqlx::FromRow)]
struct PersonRole {
    person_id: Uuid,
    time_zone: String,
    #[sqlx(flatten)]
    held: StoredRole,
}

/// Returns those of `people` who have permissions that the actor does not have. The actor may not act on
/// their accounts or preview them.
pub(crate) async fn outranking(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    people: &[PersonId],
) -> Result<HashSet<PersonId>> {
    outranking_among(backend, connection, actor, Some(people)).await
}

/// Returns everyone in the organisation who has permissions that the actor does not have.
pub(crate) async fn everybody_outranking(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
) -> Result<HashSet<PersonId>> {
    outranking_among(backend, connection, actor, None).await
}

async fn outranking_among(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    people: Option<&[PersonId]>,
) -> Result<HashSet<PersonId>> {
    let people = people.map(|people| people.iter().map(|person| person.0).collect::<Vec<_>>());
    let roles = roles_of(backend, connection, actor.organisation, people.as_deref()).await?;
    Ok(roles
        .into_iter()
        .filter(|(person, roles)| actor.person() != Some(*person) && reaches_up_to(actor, roles).is_err())
        .map(|(person, _)| person)
        .collect())
}

/// The roles of these people, or of everyone, as the policy needs them today.
pub(super) async fn roles_of(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    people: Option<&[Uuid]>,
) -> Result<HashMap<PersonId, Vec<RoleAssignment>>> {
    let rows: Vec<PersonRole> = sqlx::query_as(
        "SELECT r.person_id, o.time_zone, r.role, c.permissions AS custom, r.school_id AS school, r.group_id, r.starts_on, r.ends_on
         FROM staff_roles r JOIN organisations o ON o.id = r.organisation_id
         LEFT JOIN custom_roles c ON c.id = r.custom_role_id
         WHERE r.organisation_id = $1 AND ($2::uuid[] IS NULL OR r.person_id = ANY($2))",
    )
    .bind(organisation.0)
    .bind(people)
    .fetch_all(connection)
    .await?;
    let mut roles: HashMap<PersonId, Vec<RoleAssignment>> = HashMap::new();
    for row in rows {
        let today = backend.today(row.time_zone.parse::<Tz>().map_err(Error::unexpected)?);
        roles.entry(PersonId(row.person_id)).or_default().push(row.held.on(today)?);
    }
    Ok(roles)
}

/// Refuses to act on a person who has permissions that the actor does not have, and notifies administrators.
/// Returns the transaction only if the person may be acted on; otherwise it is rolled back first, because the
/// notification would wait for its locks.
pub(crate) async fn refuse_outranked(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    wanted: Permission,
    person: PersonId,
) -> Result<Transaction<'static, Postgres>> {
    if outranking(backend, &mut transaction, actor, &[person]).await?.is_empty() {
        return Ok(transaction);
    }
    Err(tell(backend, transaction, actor, wanted, Some(person), Refusal::Outranked).await?)
}

/// Refuses to give or remove permissions that the actor may not give there; see [`refuse_outranked`].
pub(super) async fn refuse_giving(
    backend: &Backend,
    transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    rights: PermissionSet,
    place: Place,
    person: PersonId,
) -> Result<Transaction<'static, Postgres>> {
    let Err(refusal) = may_give(actor, rights, place) else { return Ok(transaction) };
    Err(tell(backend, transaction, actor, Permission::ManageRoles, Some(person), refusal).await?)
}

/// Refuses to make someone the tutor of a group, or to end that, if the actor may not; see [`refuse_outranked`].
pub(super) async fn refuse_appointing(
    backend: &Backend,
    transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    (school, group): (SchoolId, GroupId),
    person: PersonId,
) -> Result<Transaction<'static, Postgres>> {
    let Err(refusal) = may_appoint_tutor(actor, school, group) else { return Ok(transaction) };
    Err(tell(backend, transaction, actor, Permission::ManageGroups, Some(person), refusal).await?)
}

/// Refuses everyone who does not have every permission at all schools; see [`refuse_outranked`].
pub(crate) async fn refuse_all_but_administrators(
    backend: &Backend,
    transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    wanted: Permission,
) -> Result<Transaction<'static, Postgres>> {
    let Err(refusal) = may_do_everything(actor) else { return Ok(transaction) };
    Err(tell(backend, transaction, actor, wanted, None, refusal).await?)
}

/// Rolls back, notifies administrators of the attempt, and returns the refusal.
async fn tell(
    backend: &Backend,
    transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    wanted: Permission,
    person: Option<PersonId>,
    refusal: Refusal,
) -> Result<Error> {
    transaction.rollback().await?;
    let entry = AuditEntry::new(AuditAction::InsufficientPermissions)
        .details(serde_json::json!({ "wanted": wanted.slug() }));
    let entry = match person {
        Some(person) => entry.person(person),
        None => entry,
    };
    alerts::raise_alone(backend, actor, entry).await?;
    Ok(refusal.into())
}

/// Locks the organisation's roles, so that of two concurrent changes the second sees the first.
pub(crate) async fn lock_roles(connection: &mut PgConnection, organisation: OrganisationId) -> Result<()> {
    // An arbitrary number that nothing else locks, and the organisation.
    sqlx::query("SELECT pg_advisory_xact_lock(x'67726f6c'::int, hashtext($1::text))")
        .bind(organisation.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether anyone is an administrator of all schools today.
pub(crate) async fn has_administrator(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT FROM staff_roles r JOIN organisations o ON o.id = r.organisation_id
             WHERE r.organisation_id = $1 AND r.role = $2 AND r.school_id IS NULL
               AND daterange(r.starts_on, r.ends_on, '[]') @> ($3 AT TIME ZONE o.time_zone)::date)",
    )
    .bind(organisation.0)
    .bind(Role::Administrator.slug())
    .bind(backend.now())
    .fetch_one(connection)
    .await?)
}

/// Whether anyone who can sign in is an administrator of all schools, today and with no last day.
pub(crate) async fn has_lasting_administrator(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT FROM staff_roles r
             JOIN organisations o ON o.id = r.organisation_id
             JOIN accounts a ON a.organisation_id = r.organisation_id AND a.person_id = r.person_id
             WHERE r.organisation_id = $1 AND r.role = $2 AND r.school_id IS NULL AND r.ends_on IS NULL
               AND (r.starts_on > ($3 AT TIME ZONE o.time_zone)::date) IS NOT TRUE AND a.state IN ('active', 'locked')
               AND a.valid_until IS NULL AND account_is_valid(a, $3))",
    )
    .bind(organisation.0)
    .bind(Role::Administrator.slug())
    .bind(backend.now())
    .fetch_one(connection)
    .await?)
}

/// Refuses this transaction's changes if they removed the last lasting administrator. `before` is the result
/// of [`has_lasting_administrator`] before the change, under [`lock_roles`].
pub(crate) async fn ensure_administrator_stays(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    before: bool,
) -> Result<()> {
    if !before || has_lasting_administrator(backend, connection, organisation).await? {
        return Ok(());
    }
    Err(Error::conflict(
        "last_administrator",
        "This is the last administrator of all schools. Give someone else the role first, with no end date.",
    ))
}
