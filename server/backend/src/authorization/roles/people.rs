//! Finding people to give a role to, and the roles of one person.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::place::Place;
use domain::authorization::policy::{Resource, decide, may_give};
use domain::credentials::state::AccountState;
use domain::factors::FactorsView;
use domain::fold::fold;
use domain::ids::{GroupId, PersonId, SchoolId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::holders::{Holder, load};
use super::kinds;
use super::kinds::RoleKind;
use crate::credentials::factors::factors_of;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// The most people a search returns.
const MOST: i64 = 20;

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountHolder {
    /// The person's id.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The state of the account.
    pub state: AccountState,
}

/// A school or a group for which a role can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceChoice {
    /// The place.
    pub place: Place,
    /// The name of the school, or of the group and its school.
    pub name: String,
}

impl PlaceChoice {
    /// The value that forms send; see [`super::give::RoleForm::place`].
    pub fn value(&self) -> String {
        match self.place {
            Place::Organisation => EVERYWHERE.to_owned(),
            Place::School(school) => school.to_string(),
            Place::Group(_, group) => format!("{OF_GROUP}{group}"),
        }
    }
}

/// The value that forms send for all schools.
pub(super) const EVERYWHERE: &str = "all";

/// The prefix of a group's id in forms.
pub(super) const OF_GROUP: &str = "group:";

/// One person's roles, and what the actor can give them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRoles {
    /// The person.
    pub found: AccountHolder,
    /// Their roles.
    pub roles: Vec<Holder>,
    /// The roles that the actor may give somewhere; empty for the actor's own page.
    pub kinds: Vec<RoleKind>,
    /// The schools and groups where the actor may give roles.
    pub places: Vec<PlaceChoice>,
    /// Whether the actor may also give roles for all schools.
    pub everywhere: bool,
    /// Their second factors.
    pub factors: FactorsView,
    /// Whether the actor may remove them.
    pub may_remove_factors: bool,
}

#[derive(sqlx::FromRow)]
struct AccountHolderRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: String,
    state: String,
}

impl AccountHolderRow {
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

/// The people the actor may give roles to.
macro_rules! reachable {
    ($before:literal, $after:literal) => {
        concat!(
            "SELECT p.id, p.given_name, p.family_name, p.preferred_name, a.username, account_state(a.id, a.state) AS state
             FROM accounts a JOIN people p ON p.id = a.person_id
             WHERE a.organisation_id = $1 AND ",
            $before,
            " AND ",
            within_reach!("p.id"),
            " ",
            $after
        )
    };
}

/// Finds people with an account whose name or username contains every word, by name. Actors who may give
/// roles only at some schools find the people of those.
pub async fn find(backend: &Backend, actor: &Actor, words: &str) -> Result<Vec<AccountHolder>> {
    let mut transaction = backend.enter(actor, Permission::ManageRoles, AnySchool).await?.transaction;
    let patterns: Vec<String> =
        fold(words).split(' ').filter(|word| !word.is_empty()).map(|word| format!("%{word}%")).collect();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<AccountHolderRow> = sqlx::query_as(reachable!(
        "p.search_key || ' ' || translate(a.username, '.-_', '   ') LIKE ALL ($2)",
        "ORDER BY p.sort_key, p.id LIMIT $3"
    ))
    .bind(actor.organisation.0)
    .bind(patterns)
    .bind(MOST)
    .fetch_all(&mut *transaction)
    .await?;
    rows.into_iter().map(AccountHolderRow::found).collect()
}

/// Returns one person's roles.
pub async fn person(backend: &Backend, actor: &Actor, person: PersonId) -> Result<PersonRoles> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ManageRoles, AnySchool).await?;
    let found = reach(&mut transaction, actor, person).await?;
    let roles = load(&mut transaction, actor, Some(person), at.today).await?;
    let factors = factors_of(&mut transaction, actor.organisation, person).await?;
    let everywhere = Resource::Organisation(actor.organisation);
    let may_remove_factors = factors.any()
        && actor.person() != Some(person)
        && decide(actor, Permission::ManageAccounts, everywhere).is_ok();
    let mut offer = RoleOffer::to(&mut transaction, actor).await?;
    if actor.person() == Some(person) {
        offer.kinds.clear();
    }
    let roles = roles.into_iter().map(|(holder, _)| holder).collect();
    let RoleOffer { kinds, places, everywhere } = offer;
    Ok(PersonRoles { found, roles, kinds, places, everywhere, factors, may_remove_factors })
}

/// The roles that an actor can give, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleOffer {
    /// The roles that the actor may give somewhere.
    pub kinds: Vec<RoleKind>,
    /// The schools and groups where the actor may give roles.
    pub places: Vec<PlaceChoice>,
    /// Whether the actor may also give roles for all schools.
    pub everywhere: bool,
}

impl RoleOffer {
    async fn to(connection: &mut PgConnection, actor: &Actor) -> Result<Self> {
        let gives =
            |place: Place| decide(actor, Permission::ManageRoles, place.resource(actor.organisation)).is_ok();
        let mut kinds = kinds::load(connection, actor).await?;
        let mut places = places(connection, actor).await?;
        places.retain(|choice| gives(choice.place));
        let everywhere = gives(Place::Organisation).then_some(Place::Organisation);
        let somewhere: Vec<Place> =
            everywhere.into_iter().chain(places.iter().map(|choice| choice.place)).collect();
        kinds.retain(|kind| somewhere.iter().any(|place| may_give(actor, kind.permissions, *place).is_ok()));
        Ok(Self { kinds, places, everywhere: everywhere.is_some() })
    }
}

/// Returns what the actor can give to someone else.
pub async fn role_offer(backend: &Backend, actor: &Actor) -> Result<RoleOffer> {
    let mut transaction = backend.enter(actor, Permission::ManageRoles, AnySchool).await?.transaction;
    RoleOffer::to(&mut transaction, actor).await
}

#[derive(sqlx::FromRow)]
struct PlaceRow {
    school_id: Uuid,
    group_id: Option<Uuid>,
    name: String,
}

/// Returns every school, each followed by its groups.
async fn places(connection: &mut PgConnection, actor: &Actor) -> Result<Vec<PlaceChoice>> {
    let rows: Vec<PlaceRow> = sqlx::query_as(
        "SELECT school_id, group_id, name
         FROM (SELECT s.id AS school_id, NULL::uuid AS group_id, s.name, s.name AS school, s.code, NULL AS member
               FROM schools s WHERE s.organisation_id = $1
               UNION ALL
               SELECT s.id, g.id, concat_ws(', ', g.name, s.name), s.name, s.code, g.name
               FROM groups g JOIN schools s ON s.id = g.school_id WHERE g.organisation_id = $1) places
         ORDER BY school, code, member NULLS FIRST",
    )
    .bind(actor.organisation.0)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let school = SchoolId(row.school_id);
            let place =
                row.group_id.map_or(Place::School(school), |group| Place::Group(school, GroupId(group)));
            PlaceChoice { place, name: row.name }
        })
        .collect())
}

/// Finds a person with an account that the actor may give roles to.
///
/// # Errors
/// [`Error::NotFound`] for anyone else.
pub(super) async fn reach(
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
) -> Result<AccountHolder> {
    let row: Option<AccountHolderRow> = sqlx::query_as(reachable!("p.id = $2", ""))
        .bind(actor.organisation.0)
        .bind(person.0)
        .fetch_optional(connection)
        .await?;
    row.ok_or(Error::NotFound("person"))?.found()
}
