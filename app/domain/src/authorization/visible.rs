//! The people an actor may see, all at once: what [`decide`] says of each person, written as places, so that SQL can ask it of
//! 100,000 people in one statement.

use super::actor::{Actor, ActorKind};
use super::grant::PortalScope;
use super::permission::Permission;
use super::place::{PersonPlaces, Place};
use super::policy::{Resource, decide};
use super::role::Holds;
use crate::ids::{GroupId, PersonId, SchoolId};

/// Whom an actor may do something to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VisiblePeople {
    /// Everybody of the organisation.
    pub everyone: bool,
    /// Who is or was on roll at one of these schools.
    pub schools: Vec<SchoolId>,
    /// Who is a member of one of these groups today.
    pub groups: Vec<GroupId>,
    /// These people, wherever they are.
    pub people: Vec<PersonId>,
    /// None of these: a restriction is in force.
    pub hidden: Vec<PersonId>,
}

impl VisiblePeople {
    /// Whose records the actor may do `permission` to. The same as [`decide`] about [`Resource::Person`], for everybody.
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

    /// The people whose portal the actor may see this part of: themselves, and children by grants. The same as [`decide`]
    /// about [`Resource::Child`], for everybody.
    pub fn children(actor: &Actor, scope: PortalScope) -> Self {
        let ActorKind::Person { person, grants, .. } = &actor.kind else {
            return Self { everyone: true, ..Self::default() };
        };
        let granted = grants.iter().filter(|grant| grant.holds == Holds::Now).map(|grant| grant.child);
        let people = std::iter::once(*person).chain(granted).filter(|person| {
            decide(actor, Permission::ViewChild, Resource::Child(actor.organisation, *person, scope)).is_ok()
        });
        Self { people: people.collect(), ..Self::default() }
    }

    /// The actor alone.
    pub fn themselves(actor: &Actor) -> Self {
        Self {
            people: actor.person().into_iter().collect(),
            everyone: actor.person().is_none(),
            ..Self::default()
        }
    }

    /// Whether a person is among them.
    pub fn contains(&self, places: PersonPlaces<'_>) -> bool {
        !self.hidden.contains(&places.person)
            && (self.everyone
                || self.people.contains(&places.person)
                || places.schools.iter().any(|school| self.schools.contains(school))
                || places.groups.iter().any(|group| self.groups.contains(group)))
    }

    /// Whether everybody of a school is among them but those who are hidden, so that nobody has to be looked at one by one.
    pub fn reaches_all_of(&self, school: SchoolId) -> bool {
        self.everyone || self.schools.contains(&school)
    }

    /// Whether everybody of a school is among them.
    pub fn has_all_of(&self, school: SchoolId) -> bool {
        self.hidden.is_empty() && self.reaches_all_of(school)
    }
}
