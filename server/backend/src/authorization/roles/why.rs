//! Explains why someone can or cannot do something: the policy's own answer, in words, and how to change it.

use chrono::NaiveDate;
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::permission::Permission;
use domain::authorization::policy::{Ground, Refusal, Resource, decide};
use domain::credentials::state::AccountState;
use domain::ids::{PersonId, SchoolId};
use domain::when::long_day;
use sqlx::PgConnection;
use uuid::Uuid;

use super::holders::{Holder, load};
use super::kinds;
use super::people::{AccountHolder, reach};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::{AnySchool, School};
use crate::{Backend, Error, Result};

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionAnswer {
    /// Whether they can do it.
    pub can: bool,
    /// The reason, in sentences.
    pub reason: String,
    /// What would change it; `None` if nothing needs to.
    pub remedy: Option<String>,
}

/// Asks the policy about another person. `school` is `None` for all schools at once.
pub async fn why(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    permission: Permission,
    school: Option<SchoolId>,
) -> Result<PermissionAnswer> {
    let (mut connection, place, today) = if let Some(school) = school {
        let Entered { transaction, at } =
            backend.enter(actor, Permission::ManageRoles, School(school)).await?;
        (transaction, at.name, at.today)
    } else {
        let Entered { transaction, at } = backend.enter(actor, Permission::ManageRoles, AnySchool).await?;
        (transaction, "all schools".to_owned(), at.today)
    };
    let found = reach(&mut connection, actor, person).await?;
    let RoleBearer { held, closed, them, days } =
        as_actor(backend, &mut connection, actor, person, today).await?;
    let at = school.map_or(Resource::Organisation(actor.organisation), |school| {
        Resource::School(actor.organisation, school)
    });
    let with: Vec<String> = kinds::load(&mut connection, actor)
        .await?
        .into_iter()
        .filter(|kind| kind.permissions.contains(permission))
        .map(|kind| kind.name)
        .collect();
    let asked =
        PermissionCase { found: &found, action: permission.label(), place: &place, with: &with.join(", ") };
    Ok(match (decide(&them, permission, at), found.state) {
        (Ok(_), AccountState::Active | AccountState::Locked) if !days.is_valid => asked.outside(days),
        (Ok(ground), AccountState::Active) => asked.yes(ground, &held),
        (Ok(_), state) => asked.stopped(state),
        (Err(refusal), _) => {
            let permits = |(_, role): &&(Holder, RoleAssignment)| role.permissions.contains(permission);
            match closed.iter().find(permits) {
                Some((held, _)) => asked.closed(held),
                None => asked.no(refusal),
            }
        }
    })
}

/// Somebody with roles.
struct RoleBearer {
    /// Their roles that can give something, past and future ones too.
    held: Vec<Holder>,
    /// Their roles for groups that are closed.
    closed: Vec<(Holder, RoleAssignment)>,
    /// The person as the policy sees them with the former.
    them: Actor,
    days: AccountDaysRow,
}

#[derive(Clone, Copy, sqlx::FromRow)]
struct AccountDaysRow {
    id: Uuid,
    is_valid: bool,
    opens_on: Option<NaiveDate>,
}

async fn as_actor(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    today: NaiveDate,
) -> Result<RoleBearer> {
    let roles: Vec<(Holder, RoleAssignment)> =
        load(connection, &Actor::system(actor.organisation), Some(person), today)
            .await?
            .into_iter()
            .map(|(held, row)| Ok((held, row.on(today)?)))
            .collect::<Result<_>>()?;
    let (closed, open): (Vec<_>, Vec<_>) = roles.into_iter().partition(|(held, _)| held.is_of_closed_group);
    let (held, roles): (Vec<_>, Vec<_>) = open.into_iter().unzip();
    let days = sqlx::query_as::<_, AccountDaysRow>(
        "SELECT a.id, account_is_valid(a, $3) AS is_valid, account_opens_on(a, $3) AS opens_on
         FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = $2",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(backend.now())
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("person"))?;
    let them = Actor::signed_in(actor.organisation, days.id.into(), person, roles);
    Ok(RoleBearer { held, closed, them, days })
}

struct PermissionCase<'a> {
    found: &'a AccountHolder,
    action: &'static str,
    place: &'a str,
    with: &'a str,
}

impl PermissionCase<'_> {
    fn yes(&self, ground: Ground, held: &[Holder]) -> PermissionAnswer {
        let Self { found, action, place, .. } = self;
        let role = match ground {
            Ground::Role(at) | Ground::Group(at) => held.get(at),
            Ground::System | Ground::Own | Ground::Grant(_) => None,
        };
        let reason = role.map_or_else(
            || format!("{} can do this: {action}.", found.name),
            |held| {
                let at = held.place.as_deref().unwrap_or("all schools");
                let until =
                    held.term.until().map(|day| format!(", until {}", long_day(day))).unwrap_or_default();
                format!(
                    "{} is {} at {at}{until}. That allows \u{201c}{action}\u{201d} at {place}.",
                    found.name, held.role
                )
            },
        );
        PermissionAnswer { can: true, reason, remedy: None }
    }

    fn stopped(&self, state: AccountState) -> PermissionAnswer {
        let name = &self.found.name;
        let (why, remedy) = match state {
            AccountState::Created => ("has an account and was never invited", "Send an invitation code."),
            AccountState::Invited => (
                "was invited and has not chosen a password",
                "Send a new invitation code if theirs is lost or has expired.",
            ),
            AccountState::Locked => {
                ("has a locked account after too many wrong passwords", "Unlock the account.")
            }
            AccountState::Suspended => ("has a disabled account", "Enable the account."),
            AccountState::Closed => {
                ("has a closed account", "Re-open the account first: create one for them again.")
            }
            AccountState::Active => ("can sign in", "Nothing needs doing."),
        };
        let reason = format!(
            "{name} has a role that allows \u{201c}{}\u{201d} at {}, but cannot sign in: {name} {why}.",
            self.action, self.place
        );
        PermissionAnswer { can: false, reason, remedy: Some(remedy.to_owned()) }
    }

    fn outside(&self, days: AccountDaysRow) -> PermissionAnswer {
        let name = &self.found.name;
        let why = days.opens_on.map_or_else(
            || "the last day of their account has passed".to_owned(),
            |day| format!("their account opens on {}", long_day(day)),
        );
        let reason = format!(
            "{name} has a role that allows \u{201c}{}\u{201d} at {}, but cannot sign in: {why}.",
            self.action, self.place
        );
        PermissionAnswer { can: false, reason, remedy: Some("Change the days of the account.".to_owned()) }
    }

    /// For a role that gives nothing while its group is closed.
    fn closed(&self, held: &Holder) -> PermissionAnswer {
        let Self { found, action, place, with } = self;
        let group = held.place.as_deref().unwrap_or_default();
        PermissionAnswer {
            can: false,
            reason: format!(
                "{} is {} at {group}, which allows \u{201c}{action}\u{201d}. That group is closed, so the role gives nothing.",
                found.name, held.role
            ),
            remedy: Some(format!(
                "Open the group again, or give {} one of these at {place}: {with}.",
                found.name
            )),
        }
    }

    fn no(&self, refusal: Refusal) -> PermissionAnswer {
        let Self { found, action, place, with } = self;
        let name = &found.name;
        let (reason, remedy) = match refusal {
            Refusal::NoRole => (
                format!("{name} has no role that allows \u{201c}{action}\u{201d}."),
                format!("Give them a role that does, at {place}: {with}."),
            ),
            Refusal::OtherSchool => (
                format!("{name} has a role that allows \u{201c}{action}\u{201d}, but not at {place}."),
                format!("Give {name} one of these at {place}: {with}."),
            ),
            Refusal::OneSchool => (
                format!(
                    "\u{201c}{action}\u{201d} is for all schools, and {name} only has roles for single schools."
                ),
                format!("Give {name} one of these for all schools: {with}."),
            ),
            Refusal::OneGroup => (
                format!(
                    "{name} has a role that allows \u{201c}{action}\u{201d}, but only for single groups."
                ),
                format!("Give {name} one of these at {place}: {with}."),
            ),
            Refusal::NotYet(day) => (
                format!(
                    "{name} has a role that allows \u{201c}{action}\u{201d} at {place} from {}.",
                    long_day(day)
                ),
                "Wait until then, or change the role\u{2019}s first day.".to_owned(),
            ),
            Refusal::Ended(day) => (
                format!(
                    "{name} had a role that allowed \u{201c}{action}\u{201d} at {place}. Its last day was {}.",
                    long_day(day)
                ),
                "Give the role again with a later last day or no end date.".to_owned(),
            ),
            Refusal::Restricted => (
                format!("A restriction applies: {name} can\u{2019}t view this."),
                "It stays closed until the restriction is lifted.".to_owned(),
            ),
            Refusal::OtherOrganisation | Refusal::NotOwn | Refusal::NoGrant | Refusal::Outranked => (
                format!("{name} can never do this."),
                "It belongs to someone else, or to people with more permissions.".to_owned(),
            ),
        };
        PermissionAnswer { can: false, reason, remedy: Some(remedy) }
    }
}
