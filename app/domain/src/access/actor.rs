//! Who is asking.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::role::Role;
use crate::ids::{AccountId, OrganisationId, PersonId, SchoolId};

/// A role that someone holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleAssignment {
    /// What they may do.
    pub role: Role,
    /// Where: one school, or all of the organisation.
    pub school: Option<SchoolId>,
}

/// Who is asking, of which organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The tenant. An actor reaches nothing outside it.
    pub organisation: OrganisationId,
    /// As whom.
    pub kind: ActorKind,
    /// From which network address; none when it is this server itself.
    pub source: Option<IpAddr>,
}

/// The two kinds of actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ActorKind {
    /// The operator at the command line of the server, or Greencap's own worker.
    System,
    /// Someone signed in.
    Person {
        /// The account that signed in.
        account: AccountId,
        /// The person behind it.
        person: PersonId,
        /// Roles of staff that hold today; empty for students and guardians.
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

    /// Whether they hold any role of staff, and so come to the office pages.
    pub fn is_staff(&self) -> bool {
        matches!(&self.kind, ActorKind::Person { roles, .. } if !roles.is_empty())
    }
}
