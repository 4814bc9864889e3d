//! Authorisation is one function: [`decide`]. Every server function, route and use case asks it, and so does
//! the page that explains permissions.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::actor::{Actor, ActorKind, RoleAssignment};
use super::grant::{Grant, PortalScope, Restriction};
pub use super::permission::Permission;
use super::permission::PermissionSet;
use super::place::{PersonPlaces, Place};
use super::role::{Role, RoleValidity};
use crate::ids::{GroupId, OrganisationId, PersonId, SchoolId};

/// The target of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// Something that belongs to the whole organisation, such as its mailbox: needs a role for all schools.
    Organisation(OrganisationId),
    /// Anything the actor's roles cover: for a page that shows only that.
    AnySchool(OrganisationId),
    /// A school as a whole.
    School(OrganisationId, SchoolId),
    /// The people of a school that the actor's roles cover: for a list that shows only them.
    InSchool(OrganisationId, SchoolId),
    /// A group of a school.
    Group(OrganisationId, SchoolId, GroupId),
    /// A person's record.
    Person(OrganisationId, PersonPlaces<'a>),
    /// Part of a child's portal: for the child, and for guardians with a grant.
    Child(OrganisationId, PersonId, PortalScope),
    /// Something that belongs to one person, such as how they sign in.
    Own(OrganisationId, PersonId),
}

impl Resource<'_> {
    /// The tenant it belongs to.
    pub fn organisation(self) -> OrganisationId {
        match self {
            Self::Organisation(organisation)
            | Self::AnySchool(organisation)
            | Self::School(organisation, _)
            | Self::InSchool(organisation, _)
            | Self::Group(organisation, ..)
            | Self::Person(organisation, _)
            | Self::Child(organisation, ..)
            | Self::Own(organisation, _) => organisation,
        }
    }
}

/// Why something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The actor is the server's operator.
    System,
    /// It belongs to the actor.
    Own,
    /// The actor's role at this index gives it, for one school or all schools.
    Role(usize),
    /// The actor's role at this index gives it, for a group.
    Group(usize),
    /// The actor's grant at this index gives it.
    Grant(usize),
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It belongs to another organisation. For this actor it does not exist.
    OtherOrganisation,
    /// A restriction is in force.
    Restricted,
    /// None of the actor's roles gives it anywhere.
    NoRole,
    /// None of the actor's grants covers it.
    NoGrant,
    /// A role gives it, but at other schools.
    OtherSchool,
    /// A role gives it at one school, but it needs a role for all schools.
    OneSchool,
    /// A role gives it for a group, but this is another group, or more than one.
    OneGroup,
    /// A role or grant gives it from this day.
    NotYet(NaiveDate),
    /// A role or grant gave it until this day.
    Ended(NaiveDate),
    /// It belongs to someone else.
    NotOwn,
    /// It would give someone more permissions than the actor has, or affect someone who has more.
    Outranked,
}

/// Whether `actor` may do `permission` to `resource`, and why or why not. A restriction overrides every
/// ground except the operator's.
pub fn decide(actor: &Actor, permission: Permission, resource: Resource<'_>) -> Result<Ground, Refusal> {
    if resource.organisation() != actor.organisation {
        return Err(Refusal::OtherOrganisation);
    }
    let ActorKind::Person { person, roles, grants, restrictions, .. } = &actor.kind else {
        return Ok(Ground::System);
    };
    if restrictions.iter().any(|restriction| restriction.closes(resource)) {
        return Err(Refusal::Restricted);
    }
    match resource {
        Resource::Own(_, owner) if permission == Permission::OwnPortal && owner == *person => Ok(Ground::Own),
        Resource::Own(..) => Err(Refusal::NotOwn),
        Resource::Child(..) if permission != Permission::ViewChild => Err(Refusal::NoGrant),
        Resource::Child(_, child, _) if child == *person => Ok(Ground::Own),
        Resource::Child(_, child, scope) => first(
            grants.iter().map(|grant| grant.judge(child, scope)),
            |at, ()| Ground::Grant(at),
            Refusal::NoGrant,
        ),
        _ => first(
            roles.iter().map(|role| role.judge(permission, resource).map(|()| role)),
            |at, role| if role.place.group().is_some() { Ground::Group(at) } else { Ground::Role(at) },
            Refusal::NoRole,
        ),
    }
}

/// The ground of the first that gives it; if none does, the refusal of the nearest.
fn first<T>(
    judged: impl Iterator<Item = Result<T, Refusal>>,
    ground: impl Fn(usize, T) -> Ground,
    otherwise: Refusal,
) -> Result<Ground, Refusal> {
    let mut nearest = otherwise;
    for (at, answer) in judged.enumerate() {
        match answer {
            Ok(found) => return Ok(ground(at, found)),
            Err(refusal) if refusal.nearness() > nearest.nearness() => nearest = refusal,
            Err(_) => {}
        }
    }
    Err(nearest)
}

/// Whether `actor` may give or remove these permissions at this place: they must be able to give roles there,
/// and have all these permissions there.
pub fn may_give(actor: &Actor, rights: PermissionSet, place: Place) -> Result<(), Refusal> {
    decide(actor, Permission::ManageRoles, place.resource(actor.organisation))?;
    covers(actor, rights, place)
}

/// Whether `actor` may make somebody the tutor of a group, or end that: they must decide about the groups of its school, and
/// have everything there that the role gives.
pub fn may_appoint_tutor(actor: &Actor, school: SchoolId, group: GroupId) -> Result<(), Refusal> {
    decide(actor, Permission::ManageGroups, Resource::Group(actor.organisation, school, group))?;
    covers(actor, Role::GroupTutor.permissions(), Place::Group(school, group))
}

/// Whether `actor` has every permission at all schools, as for what decides who can sign in as whom: with less,
/// it would be a way to more.
pub fn may_do_everything(actor: &Actor) -> Result<(), Refusal> {
    covers(actor, Role::Administrator.permissions(), Place::Organisation)
}

/// Whether `actor` has every permission that someone with these roles has. Only then may they preview that
/// person's account, disable it or reset its password. Roles that are not valid yet count too.
pub fn reaches_up_to(actor: &Actor, roles: &[RoleAssignment]) -> Result<(), Refusal> {
    roles
        .iter()
        .filter(|held| !matches!(held.holds, RoleValidity::Ended(_)))
        .try_for_each(|held| covers(actor, held.permissions, held.place))
}

fn covers(actor: &Actor, rights: PermissionSet, place: Place) -> Result<(), Refusal> {
    let at = place.resource(actor.organisation);
    // Permissions that the place is too small for are not given.
    let mut given = rights.iter().filter(|right| place.can_give(*right).is_ok());
    if given.all(|right| decide(actor, right, at).is_ok()) { Ok(()) } else { Err(Refusal::Outranked) }
}

impl RoleAssignment {
    /// Whether it gives `permission` for the whole place it applies to.
    pub(super) fn gives(&self, permission: Permission) -> bool {
        (permission == Permission::UseOffice || self.permissions.contains(permission))
            && self.place.can_give(permission).is_ok()
            && self.holds == RoleValidity::Now
    }

    fn judge(&self, permission: Permission, resource: Resource<'_>) -> Result<(), Refusal> {
        if permission != Permission::UseOffice && !self.permissions.contains(permission) {
            return Err(Refusal::NoRole);
        }
        self.place.can_give(permission)?;
        self.reaches(resource)?;
        self.holds.now()
    }

    /// Whether the place it applies to contains `resource`, or part of it where that is enough.
    fn reaches(&self, resource: Resource<'_>) -> Result<(), Refusal> {
        let elsewhere = match (resource, self.place) {
            (_, Place::Organisation) | (Resource::AnySchool(_), _) => return Ok(()),
            (Resource::Organisation(_), _) => Refusal::OneSchool,
            (Resource::School(_, wanted), Place::Group(school, _)) if wanted == school => Refusal::OneGroup,
            (Resource::InSchool(_, wanted), Place::School(school) | Place::Group(school, _))
            | (Resource::School(_, wanted) | Resource::Group(_, wanted, _), Place::School(school))
                if wanted == school =>
            {
                return Ok(());
            }
            (Resource::Group(_, _, wanted), Place::Group(_, group)) if wanted == group => return Ok(()),
            (Resource::Group(_, wanted, _), Place::Group(school, _)) if wanted == school => Refusal::OneGroup,
            (Resource::Person(_, places), place) if places.is_reached_from(place) => return Ok(()),
            (Resource::Person(_, places), _) if places.schools.is_empty() => Refusal::OneSchool,
            (Resource::Person(_, places), Place::Group(school, _)) if places.schools.contains(&school) => {
                Refusal::OneGroup
            }
            _ => Refusal::OtherSchool,
        };
        Err(elsewhere)
    }
}

impl Place {
    /// Whether a role here can give `permission` at all.
    fn can_give(self, permission: Permission) -> Result<(), Refusal> {
        match self {
            Self::School(_) | Self::Group(..) if permission.spans_schools() => Err(Refusal::OneSchool),
            Self::Group(..) if permission.spans_groups() => Err(Refusal::OneGroup),
            _ => Ok(()),
        }
    }
}

impl Grant {
    fn judge(&self, child: PersonId, scope: PortalScope) -> Result<(), Refusal> {
        if self.child == child && self.scope == scope { self.holds.now() } else { Err(Refusal::NoGrant) }
    }
}

impl Restriction {
    fn closes(&self, resource: Resource<'_>) -> bool {
        match resource {
            Resource::Child(_, child, scope) => child == self.child && self.scopes.contains(&scope),
            Resource::Person(_, places) => places.person == self.child,
            _ => false,
        }
    }
}

impl RoleValidity {
    fn now(self) -> Result<(), Refusal> {
        match self {
            Self::Now => Ok(()),
            Self::NotYet(day) => Err(Refusal::NotYet(day)),
            Self::Ended(day) => Err(Refusal::Ended(day)),
        }
    }
}

impl Refusal {
    /// How close a role came to giving the permission. If several do not, the closest gives the reason.
    fn nearness(self) -> u8 {
        match self {
            Self::NotYet(_) => 5,
            Self::Ended(_) => 4,
            Self::OneGroup => 3,
            Self::OneSchool | Self::OtherSchool => 2,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests;
