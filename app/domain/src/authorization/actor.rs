//! Who is asking.

use std::net::IpAddr;

use super::grant::{Grant, Restriction};
use super::permission::PermissionSet;
use super::place::Place;
use super::role::Holds;
use crate::ids::{AccountId, OrganisationId, PersonId};

/// A role that someone holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleAssignment {
    /// What they may do.
    pub permissions: PermissionSet,
    /// Where.
    pub place: Place,
    /// Whether it holds today.
    pub holds: Holds,
}

impl RoleAssignment {
    /// One that holds today.
    pub fn new(permissions: PermissionSet, place: Place) -> Self {
        Self { permissions, place, holds: Holds::Now }
    }
}

/// Who is asking, of which organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The tenant. An actor reaches nothing outside it.
    pub organisation: OrganisationId,
    /// As whom.
    pub kind: ActorKind,
    /// From which network address; none when it is this server itself.
    pub source: Option<IpAddr>,
}

/// The two kinds of actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActorKind {
    /// The operator at the command line of the server, or Greencap's own worker.
    System,
    /// Someone signed in.
    Person {
        /// The account that signed in.
        account: AccountId,
        /// The person behind it.
        person: PersonId,
        /// Roles of staff; empty for students and guardians.
        roles: Vec<RoleAssignment>,
        /// What they see of children; empty for everybody but guardians.
        grants: Vec<Grant>,
        /// What they may not see, whatever their roles and grants give.
        restrictions: Vec<Restriction>,
    },
}

impl Actor {
    /// The operator of this organisation's server.
    pub fn system(organisation: OrganisationId) -> Self {
        Self { organisation, kind: ActorKind::System, source: None }
    }

    /// Someone signed in, to whom no child is granted or closed.
    pub fn signed_in(
        organisation: OrganisationId,
        account: AccountId,
        person: PersonId,
        roles: Vec<RoleAssignment>,
    ) -> Self {
        let (grants, restrictions) = (Vec::new(), Vec::new());
        let kind = ActorKind::Person { account, person, roles, grants, restrictions };
        Self { organisation, kind, source: None }
    }

    /// The same person with these grants and restrictions; the operator has none.
    #[must_use]
    pub fn with_children(mut self, given: Vec<Grant>, closed: Vec<Restriction>) -> Self {
        if let ActorKind::Person { grants, restrictions, .. } = &mut self.kind {
            (*grants, *restrictions) = (given, closed);
        }
        self
    }

    /// The same person without any of their roles.
    #[must_use]
    pub fn without_roles(mut self) -> Self {
        if let ActorKind::Person { roles, .. } = &mut self.kind {
            roles.clear();
        }
        self
    }

    /// The same, asking from this network address.
    #[must_use]
    pub fn at(self, source: Option<IpAddr>) -> Self {
        Self { source, ..self }
    }

    /// The account that signed in, if any.
    pub fn account(&self) -> Option<AccountId> {
        match self.kind {
            ActorKind::System => None,
            ActorKind::Person { account, .. } => Some(account),
        }
    }

    /// The person who signed in, if any.
    pub fn person(&self) -> Option<PersonId> {
        match self.kind {
            ActorKind::System => None,
            ActorKind::Person { person, .. } => Some(person),
        }
    }

    /// Whether they hold any role of staff today, and so come to the office pages.
    pub fn is_staff(&self) -> bool {
        matches!(&self.kind, ActorKind::Person { roles, .. } if roles.iter().any(|held| held.holds == Holds::Now))
    }
}
