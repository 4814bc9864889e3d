//! Finding whom to give a role, and the roles of one person.

use domain::accounts::state::AccountState;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::{Resource, decide, may_give};
use domain::factors::FactorsView;
use domain::ids::PersonId;
use domain::roll::fold::fold;
use domain::roll::name::display_name;
use domain::roll::school::SchoolView;
use sqlx::PgConnection;
use uuid::Uuid;

use super::holders::{Holder, load};
use super::kinds;
use super::kinds::RoleKind;
use crate::factors::current::factors_of;
use crate::roll::{organisation, schools};
use crate::{Backend, Error, Result};

/// The most people that a search answers with.
const MOST: i64 = 20;

/// Someone with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountHolder {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their username.
    pub username: String,
    /// Where the account stands.
    pub state: AccountState,
}

/// One person with their roles, and what the actor can give them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRoles {
    /// Who.
    pub found: AccountHolder,
    /// Their roles.
    pub roles: Vec<Holder>,
    /// Roles and permissions that the actor may give somewhere; none for oneself.
    pub kinds: Vec<RoleKind>,
    /// Where the actor may give roles.
    pub schools: Vec<SchoolView>,
    /// Whether also for all schools.
    pub everywhere: bool,
    /// Their second factors.
    pub factors: FactorsView,
    /// Whether the actor may take these away.
    pub may_remove_factors: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: String,
    state: String,
}

impl Row {
    fn found(self) -> Result<AccountHolder> {
        Ok(AccountHolder {
            person: PersonId(self.id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            username: self.username,
            state: AccountState::from_slug(&self.state)
                .ok_or_else(|| Error::unexpected(format!("account state {}", self.state)))?,
        })
    }
}

/// People with an account whose name or username holds every word, by name. Who may give roles at some schools finds
/// the people of those.
pub async fn find(backend: &Backend, actor: &Actor, words: &str) -> Result<Vec<AccountHolder>> {
    backend.authorize(actor, Permission::ManageRoles, Resource::AnySchool(actor.organisation))?;
    let patterns: Vec<String> =
        fold(words).split(' ').filter(|word| !word.is_empty()).map(|word| format!("%{word}%")).collect();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let schools = limits(backend, actor).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, a.username, a.state
         FROM accounts a JOIN people p ON p.id = a.person_id
         WHERE a.organisation_id = $1 AND p.search_key || ' ' || translate(a.username, '.-_', '   ') LIKE ALL ($2)
           AND ($3::uuid[] IS NULL
                OR EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id AND e.school_id = ANY($3))
                OR EXISTS (SELECT FROM staff_roles r WHERE r.person_id = p.id AND r.school_id = ANY($3)))
         ORDER BY p.sort_key, p.id LIMIT $4",
    )
    .bind(actor.organisation.0)
    .bind(patterns)
    .bind(schools)
    .bind(MOST)
    .fetch_all(&mut *backend.tenant_transaction(actor.organisation).await?)
    .await?;
    rows.into_iter().map(Row::found).collect()
}

/// One person's roles.
pub async fn person(backend: &Backend, actor: &Actor, person: PersonId) -> Result<PersonRoles> {
    backend.authorize(actor, Permission::ManageRoles, Resource::AnySchool(actor.organisation))?;
    let limits = limits(backend, actor).await?;
    let today = organisation::today(backend, actor.organisation).await?;
    let schools = schools::reached(backend, actor, Permission::ManageRoles).await?;
    let mut connection = backend.tenant_transaction(actor.organisation).await?;
    let found = reach(&mut connection, actor, person, limits).await?;
    let roles = load(&mut connection, actor, Some(person), today).await?;
    let kinds =
        if actor.person() == Some(person) { Vec::new() } else { kinds::load(&mut connection, actor).await? };
    let factors = factors_of(&mut connection, actor.organisation, person).await?;
    let manages = Resource::Organisation(actor.organisation);
    let may_remove_factors = factors.any()
        && actor.person() != Some(person)
        && decide(actor, Permission::ManageAccounts, manages).is_ok();
    let everywhere = limits_nothing(actor);
    let places = schools.iter().map(|school| Some(school.id)).chain(everywhere.then_some(None));
    let places: Vec<_> = places.collect();
    Ok(PersonRoles {
        found,
        roles: roles.into_iter().map(|(holder, _)| holder).collect(),
        kinds: kinds
            .into_iter()
            .filter(|kind| places.iter().any(|place| may_give(actor, kind.permissions, *place).is_ok()))
            .collect(),
        schools,
        everywhere,
        factors,
        may_remove_factors,
    })
}

fn limits_nothing(actor: &Actor) -> bool {
    decide(actor, Permission::ManageRoles, Resource::Organisation(actor.organisation)).is_ok()
}

/// The schools whose people the actor may give roles to; none for everyone.
pub(super) async fn limits(backend: &Backend, actor: &Actor) -> Result<Option<Vec<Uuid>>> {
    if limits_nothing(actor) {
        return Ok(None);
    }
    let schools = schools::reached(backend, actor, Permission::ManageRoles).await?;
    Ok(Some(schools.into_iter().map(|school| school.id.0).collect()))
}

/// The person, if they have an account and the actor may give them roles; not there otherwise.
pub(super) async fn reach(
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    limits: Option<Vec<Uuid>>,
) -> Result<AccountHolder> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, a.username, a.state
         FROM accounts a JOIN people p ON p.id = a.person_id
         WHERE a.organisation_id = $1 AND p.id = $2
           AND ($3::uuid[] IS NULL
                OR EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id AND e.school_id = ANY($3))
                OR EXISTS (SELECT FROM staff_roles r WHERE r.person_id = p.id AND r.school_id = ANY($3)))",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(limits)
    .fetch_optional(connection)
    .await?;
    row.ok_or(Error::NotFound("person"))?.found()
}
