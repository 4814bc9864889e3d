//! What staff do to accounts that exist.

use serde::{Deserialize, Serialize};

use crate::audit::AuditAction;
use crate::credentials::state::AccountEvent;
use crate::ids::OperationId;

/// An action of the menu over a selection or on a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountAction {
    /// Stop accounts until they are enabled again. Ends their sessions at once.
    Disable,
    /// Let disabled accounts go on as they were.
    Enable,
    /// Let accounts go on that were locked after too many wrong passwords.
    Unlock,
    /// End accounts permanently. Their usernames stay taken.
    Close,
}

impl AccountAction {
    /// All, in the order of the menu; what cannot be taken back comes last.
    pub const ALL: [Self; 4] = [Self::Enable, Self::Unlock, Self::Disable, Self::Close];

    /// The event of the state machine.
    pub fn event(self) -> AccountEvent {
        match self {
            Self::Disable => AccountEvent::Suspend,
            Self::Enable => AccountEvent::Reactivate,
            Self::Unlock => AccountEvent::Unlock,
            Self::Close => AccountEvent::Close,
        }
    }

    /// Whether it ends sessions and keeps waiting messages from going out.
    pub fn stops(self) -> bool {
        matches!(self, Self::Disable | Self::Close)
    }

    /// The line in each person's history.
    pub fn audit(self) -> AuditAction {
        match self {
            Self::Disable => AuditAction::AccountSuspended,
            Self::Enable => AuditAction::AccountReactivated,
            Self::Unlock => AuditAction::AccountUnlocked,
            Self::Close => AuditAction::AccountClosed,
        }
    }

    /// The verb on buttons.
    pub fn label(self) -> &'static str {
        match self {
            Self::Disable => "Disable",
            Self::Enable => "Enable",
            Self::Unlock => "Unlock",
            Self::Close => "Close permanently",
        }
    }
}

/// What became of an action on a selection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionOutcome {
    /// How many accounts it changed.
    pub changed: u32,
    /// Those it did not fit, by reason; the most frequent first.
    pub left_alone: Vec<LeftAlone>,
    /// Whether nothing changed yet, because a second person has to approve it.
    pub waits: bool,
    /// The operation that a job runs, because it is about so many. Then nothing has changed yet either.
    pub queued: Option<OperationId>,
}

impl ActionOutcome {
    /// " 2 skipped: a restriction hides them from you. Ask someone else to do this." Those are not on the page that asks;
    /// empty where there are none.
    pub fn restricted(&self) -> String {
        let restricted = self.left_alone.iter().find(|left| left.reason == LeftAlone::RESTRICTED);
        restricted.map_or_else(String::new, |left| format!(" {} skipped: {}.", left.count, left.reason))
    }
}

impl LeftAlone {
    /// Why people are left alone whom a restriction hides from the actor.
    pub const RESTRICTED: &'static str = "a restriction hides them from you. Ask someone else to do this";
}

/// People whom an action left as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftAlone {
    /// Why, as a part of a sentence: "no account".
    pub reason: String,
    /// How many.
    pub count: u32,
}
