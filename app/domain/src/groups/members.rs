//! What is done with the members of groups.

use serde::{Deserialize, Serialize};

use crate::ids::GroupId;

/// A change of who is in which group, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum MemberChange {
    /// They join a group.
    Join {
        /// The group.
        to: GroupId,
    },
    /// They leave one group and join another on the same day.
    Move {
        /// The group they leave.
        from: GroupId,
        /// The group they join.
        to: GroupId,
    },
    /// They leave a group.
    Leave {
        /// The group.
        from: GroupId,
    },
}

impl MemberChange {
    /// The group they leave, if any.
    pub fn from(self) -> Option<GroupId> {
        match self {
            Self::Join { .. } => None,
            Self::Move { from, .. } | Self::Leave { from } => Some(from),
        }
    }

    /// The group they join, if any.
    pub fn to(self) -> Option<GroupId> {
        match self {
            Self::Join { to } | Self::Move { to, .. } => Some(to),
            Self::Leave { .. } => None,
        }
    }

    /// The group whose page shows the result.
    pub fn shown(self) -> GroupId {
        match self {
            Self::Join { to } | Self::Move { to, .. } => to,
            Self::Leave { from } => from,
        }
    }

    /// Its name in web addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Join { .. } => "join",
            Self::Move { .. } => "move",
            Self::Leave { .. } => "leave",
        }
    }
}
