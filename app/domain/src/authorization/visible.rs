//! The people an actor may see, all at once: [`decide`] applied to everyone, expressed as places, so that SQL
//! can check 100,000 people in one statement.

use super::actor::{Actor, ActorKind};
use super::grant::PortalScope;
use super::permission::Permission;
use super::place::{PersonPlaces, Place};
use super::policy::{Resource, decide};
use super::role::RoleValidity;
use crate::ids::{GroupId, PersonId, SchoolId};

/// The people an actor may do something to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VisiblePeople {
    /// Everyone in the organisation.
    pub everyone: bool,
    /// People who are or were on roll at one of these schools.
    pub schools: Vec<SchoolId>,
    /// People who are a member of one of these groups today.
    pub groups: Vec<GroupId>,
    /// These people, at any place.
    pub people: Vec<PersonId>,
    /// Excludes these people, because a restriction is in force.
    pub hidden: Vec<PersonId>,
}

impl VisiblePeople {
    /// The people whose records the actor may do `permission` to. Agrees with [`decide`] about
    /// [`Resource::Person`] for everyone.
    pub fn of(actor: &Actor, permission: Permission) -> Self {
        let ActorKind::Person { roles, restrictions, .. } = &actor.kind else {
            return Self { everyone: true, ..Self::default() };
        };
        let mut visible = Self {
            hidden: restrictions.iter().map(|restriction| restriction.child).collect(),
            ..Self::default()
        };
        for role in roles.iter().filter(|role| role.gives(permission)) {
            match role.place {
                Place::Organisation => visible.everyone = true,
                Place::School(school) => visible.schools.push(school),
                Place::Group(_, group) => visible.groups.push(group),
            }
        }
        visible
    }

    /// The people whose portal the actor may see this part of: themselves, and children they have grants for.
    /// Agrees with [`decide`] about [`Resource::Child`] for everyone.
    pub fn children(actor: &Actor, scope: PortalScope) -> Self {
        let ActorKind::Person { person, grants, .. } = &actor.kind else {
            return Self { everyone: true, ..Self::default() };
        };
        let granted = grants.iter().filter(|grant| grant.holds == RoleValidity::Now).map(|grant| grant.child);
        let people = std::iter::once(*person).chain(granted).filter(|person| {
            decide(actor, Permission::ViewChild, Resource::Child(actor.organisation, *person, scope)).is_ok()
        });
        Self { people: people.collect(), ..Self::default() }
    }

    /// Only the actor.
    pub fn themselves(actor: &Actor) -> Self {
        Self {
            people: actor.person().into_iter().collect(),
            everyone: actor.person().is_none(),
            ..Self::default()
        }
    }

    /// Whether it includes a person.
    pub fn contains(&self, places: PersonPlaces<'_>) -> bool {
        !self.hidden.contains(&places.person)
            && (self.everyone
                || self.people.contains(&places.person)
                || places.schools.iter().any(|school| self.schools.contains(school))
                || places.groups.iter().any(|group| self.groups.contains(group)))
    }

    /// Whether it includes everyone at a school except hidden people, so that no per-person check is needed.
    pub fn reaches_all_of(&self, school: SchoolId) -> bool {
        self.everyone || self.schools.contains(&school)
    }

    /// Whether it includes everyone at a school.
    pub fn has_all_of(&self, school: SchoolId) -> bool {
        self.hidden.is_empty() && self.reaches_all_of(school)
    }
}
