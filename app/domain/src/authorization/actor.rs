//! Who is asking.

use std::net::IpAddr;

use super::permission::PermissionSet;
use super::role::Holds;
use crate::ids::{AccountId, OrganisationId, PersonId, SchoolId};

/// A role that someone holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleAssignment {
    /// What they may do.
    pub permissions: PermissionSet,
    /// Where: one school, or all of the organisation.
    pub school: Option<SchoolId>,
    /// Whether it holds today.
    pub holds: Holds,
}

impl RoleAssignment {
    /// One that holds today.
    pub fn new(permissions: PermissionSet, school: Option<SchoolId>) -> Self {
        Self { permissions, school, holds: Holds::Now }
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
    },
}

impl Actor {
    /// The operator of this organisation's server.
    pub fn system(organisation: OrganisationId) -> Self {
        Self { organisation, kind: ActorKind::System, source: None }
    }

    /// Someone signed in.
    pub fn signed_in(
        organisation: OrganisationId,
        account: AccountId,
        person: PersonId,
        roles: Vec<RoleAssignment>,
    ) -> Self {
        Self { organisation, kind: ActorKind::Person { account, person, roles }, source: None }
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
