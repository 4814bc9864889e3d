//! The actor: the person or system making a request.

use std::net::IpAddr;

use super::grant::{Grant, Restriction};
use super::permission::PermissionSet;
use super::place::Place;
use super::role::RoleValidity;
use crate::ids::{AccountId, OrganisationId, PersonId};

/// A role assigned to someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleAssignment {
    /// What they may do.
    pub permissions: PermissionSet,
    /// Where it applies.
    pub place: Place,
    /// Whether it is valid today.
    pub holds: RoleValidity,
}

impl RoleAssignment {
    /// An assignment that is valid today.
    pub fn new(permissions: PermissionSet, place: Place) -> Self {
        Self { permissions, place, holds: RoleValidity::Now }
    }
}

/// The actor, in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The tenant. An actor has no access outside it.
    pub organisation: OrganisationId,
    /// The kind of actor.
    pub kind: ActorKind,
    /// The network address of the request; `None` if it is this server.
    pub source: Option<IpAddr>,
}

/// The two kinds of actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActorKind {
    /// The server's operator on the command line, or Greencap's worker.
    System,
    /// A person who is signed in.
    Person {
        /// The account that signed in.
        account: AccountId,
        /// The account's owner.
        person: PersonId,
        /// Their staff roles; empty for students and guardians.
        roles: Vec<RoleAssignment>,
        /// Their access to children; empty except for guardians.
        grants: Vec<Grant>,
        /// What they may not see, overriding their roles and grants.
        restrictions: Vec<Restriction>,
    },
}

impl Actor {
    /// The operator of this organisation's server.
    pub fn system(organisation: OrganisationId) -> Self {
        Self { organisation, kind: ActorKind::System, source: None }
    }

    /// A signed-in person without grants or restrictions.
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

    /// The same person with these grants and restrictions; no effect on the system actor.
    #[must_use]
    pub fn with_children(mut self, given: Vec<Grant>, closed: Vec<Restriction>) -> Self {
        if let ActorKind::Person { grants, restrictions, .. } = &mut self.kind {
            (*grants, *restrictions) = (given, closed);
        }
        self
    }

    /// The same person without any roles.
    #[must_use]
    pub fn without_roles(mut self) -> Self {
        if let ActorKind::Person { roles, .. } = &mut self.kind {
            roles.clear();
        }
        self
    }

    /// The same actor at this network address.
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

    /// Whether they have any staff role today, and so may use the office.
    pub fn is_staff(&self) -> bool {
        matches!(&self.kind, ActorKind::Person { roles, .. } if roles.iter().any(|held| held.holds == RoleValidity::Now))
    }
}
