//! Giving someone a role.

use domain::audit::AuditAction;
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::permission::{Permission, PermissionSet};
use domain::authorization::place::Place;
use domain::authorization::policy::{Refusal, may_give, reaches_up_to};
use domain::authorization::role::ValidityPeriod;
use domain::fields::FieldErrors;
use domain::ids::{AccountId, GivenRoleId, GroupId, PersonId, SchoolId};
use domain::when::typed_day;
use serde_json::json;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::grown::end_what_opens;
use super::kinds;
use super::kinds::{RoleKey, RoleKind};
use super::people::{EVERYWHERE, OF_GROUP, reach};
use super::stored::{refuse_giving, roles_of};
use super::{ensure_administrator_stays, has_lasting_administrator, lock_roles};
use crate::audit::{AuditEntry, record};
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// The submitted form.
#[derive(Debug, Clone, Default)]
pub struct RoleForm {
    /// The role; see [`RoleKey::from_text`].
    pub role: String,
    /// A school's id, `group:` and a group's id, or `all` for all schools.
    pub place: String,
    /// The first day (ISO 8601); empty to start at once.
    pub from: String,
    /// The last day; empty for none.
    pub until: String,
}

/// A role to give, as parsed from a form.
pub(crate) struct RoleToAssign {
    key: RoleKey,
    place: RequestedPlace,
    term: ValidityPeriod,
}

/// A place as a form names it. A group's school is not known yet.
#[derive(Clone, Copy)]
enum RequestedPlace {
    Everywhere,
    School(SchoolId),
    Group(GroupId),
}

impl RequestedPlace {
    fn from_text(text: &str) -> Option<Self> {
        match (text, text.strip_prefix(OF_GROUP)) {
            (EVERYWHERE, _) => Some(Self::Everywhere),
            (_, Some(group)) => group.parse().map(Self::Group).ok(),
            (school, None) => school.parse().map(Self::School).ok(),
        }
    }

    async fn place(self, connection: &mut PgConnection, actor: &Actor) -> Result<Place> {
        let group = match self {
            Self::Everywhere => return Ok(Place::Organisation),
            Self::School(school) => return Ok(Place::School(school)),
            Self::Group(group) => group,
        };
        let school: Uuid =
            sqlx::query_scalar("SELECT school_id FROM groups WHERE organisation_id = $1 AND id = $2")
                .bind(actor.organisation.0)
                .bind(group.0)
                .fetch_optional(connection)
                .await?
                .ok_or(Error::NotFound("group"))?;
        Ok(Place::Group(SchoolId(school), group))
    }
}

impl RoleToAssign {
    /// The place where it applies.
    pub(crate) async fn place(&self, connection: &mut PgConnection, actor: &Actor) -> Result<Place> {
        self.place.place(connection, actor).await
    }

    /// Whether the actor may give it there, to anyone.
    pub(crate) async fn may_give(
        &self,
        connection: &mut PgConnection,
        actor: &Actor,
        place: Place,
    ) -> Result<std::result::Result<(), Refusal>> {
        Ok(may_give(actor, self.kind(connection, actor).await?.permissions, place))
    }

    async fn kind(&self, connection: &mut PgConnection, actor: &Actor) -> Result<RoleKind> {
        let kinds = kinds::load(connection, actor).await?;
        kinds.into_iter().find(|kind| kind.key == self.key).ok_or(Error::NotFound("role"))
    }
}

impl RoleForm {
    pub(crate) fn parse(&self) -> Result<RoleToAssign> {
        let mut errors = FieldErrors::default();
        let key = errors.take("role", RoleKey::from_text(&self.role).ok_or("Choose a role."));
        let place = errors
            .take("place", RequestedPlace::from_text(&self.place).ok_or("Choose where the role applies."));
        let from = errors.take("from", typed_day(&self.from));
        let until = errors.take("until", typed_day(&self.until));
        let term = match (from, until) {
            (Some(from), Some(until)) => errors.take("until", ValidityPeriod::new(from, until)),
            _ => None,
        };
        match (key, place, term) {
            (Some(key), Some(place), Some(term)) => Ok(RoleToAssign { key, place, term }),
            _ => Err(errors.into()),
        }
    }
}

/// Gives a person with an account a role, or changes the dates of one they have. People can give only
/// permissions they have, and never to themselves. If it gives them a permission that they do not have today,
/// they are signed out, and what was made for them before stops working.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn give(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    form: &RoleForm,
) -> Result<GivenRoleId> {
    let mut transaction = backend.enter(actor, Permission::ManageRoles, AnySchool).await?.transaction;
    let gift = form.parse()?;
    if actor.person() == Some(person) {
        return Err(Error::conflict(
            "own_role",
            "You can\u{2019}t change your own roles. Ask another administrator.",
        ));
    }
    reach(&mut transaction, actor, person).await?;
    let place = gift.place(&mut transaction, actor).await?;
    let (transaction, id) = give_to(backend, transaction, actor, person, gift, place).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Like [`give`], in the caller's transaction, to a person whom the actor reaches.
pub(crate) async fn give_to(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    person: PersonId,
    gift: RoleToAssign,
    place: Place,
) -> Result<(Transaction<'static, Postgres>, GivenRoleId)> {
    lock_roles(&mut transaction, actor.organisation).await?;
    let kind = gift.kind(&mut transaction, actor).await?;
    let mut transaction = refuse_giving(backend, transaction, actor, kind.permissions, place, person).await?;
    let (role, custom) = match gift.key {
        RoleKey::BuiltIn(role) => (Some(role.slug()), None),
        RoleKey::Custom(id) => (None, Some(id.0)),
    };
    let gaining = gaining(&mut transaction, backend, actor, kind.permissions, &[(person, place)]).await?;
    end_what_opens(backend, &mut transaction, actor.organisation, &gaining).await?;
    let before = has_lasting_administrator(backend, &mut transaction, actor.organisation).await?;
    let id: Uuid = sqlx::query_scalar(
        "INSERT INTO staff_roles (id, organisation_id, person_id, school_id, group_id, role, custom_role_id, starts_on, ends_on,
                                  given_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT ON CONSTRAINT staff_roles_role_key
         DO UPDATE SET starts_on = excluded.starts_on, ends_on = excluded.ends_on, given_by = excluded.given_by
         RETURNING id",
    )
    .bind(backend.new_id::<GivenRoleId>().0)
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(place.school().map(|school| school.0))
    .bind(place.group().map(|group| group.0))
    .bind(role)
    .bind(custom)
    .bind(gift.term.from())
    .bind(gift.term.until())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .fetch_one(&mut *transaction)
    .await?;
    // New dates could leave no administrator.
    ensure_administrator_stays(backend, &mut transaction, actor.organisation, before).await?;
    let details = json!({
        "role": gift.key.text(), "school": place.school(), "group": place.group(), "from": gift.term.from(), "until": gift.term.until()
    });
    let entry =
        AuditEntry::new(AuditAction::RoleGiven).person(person).subject("given_role", id).details(details);
    record(backend, &mut transaction, actor, entry).await?;
    Ok((transaction, GivenRoleId(id)))
}

/// The people to whom the role at their place would give a permission that they do not have today.
pub(super) async fn gaining(
    connection: &mut PgConnection,
    backend: &Backend,
    actor: &Actor,
    rights: PermissionSet,
    given: &[(PersonId, Place)],
) -> Result<Vec<Uuid>> {
    let people: Vec<Uuid> = given.iter().map(|(person, _)| person.0).collect();
    let roles = roles_of(backend, connection, actor.organisation, Some(&people)).await?;
    let gains = |(person, place): &&(PersonId, Place)| {
        let roles = roles.get(person).cloned().unwrap_or_default();
        // Policy asks who acts, not with which account.
        let today = Actor::signed_in(actor.organisation, AccountId(Uuid::nil()), *person, roles);
        reaches_up_to(&today, &[RoleAssignment::new(rights, *place)]).is_err()
    };
    let mut gaining: Vec<Uuid> = given.iter().filter(gains).map(|(person, _)| person.0).collect();
    gaining.sort_unstable();
    gaining.dedup();
    Ok(gaining)
}
