//! Actions that staff take on existing accounts.

use serde::{Deserialize, Serialize};

use crate::audit::AuditAction;
use crate::credentials::state::AccountEvent;
use crate::ids::OperationId;

/// An action in the menu of a selection or of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountAction {
    /// Disables accounts until they are enabled again. Ends their sessions at once.
    Disable,
    /// Enables disabled accounts in the state they had before.
    Enable,
    /// Unlocks accounts that were locked after too many wrong passwords.
    Unlock,
    /// Closes accounts. Their usernames stay taken. Someone who comes back gets theirs re-opened with a new
    /// invitation; nothing else opens it.
    Close,
}

impl AccountAction {
    /// All actions in menu order; the irreversible one is last.
    pub const ALL: [Self; 4] = [Self::Enable, Self::Unlock, Self::Disable, Self::Close];

    /// The name in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Unlock => "unlock",
            Self::Close => "close",
        }
    }

    /// The state machine's event for this action.
    pub fn event(self) -> AccountEvent {
        match self {
            Self::Disable => AccountEvent::Suspend,
            Self::Enable => AccountEvent::Reactivate,
            Self::Unlock => AccountEvent::Unlock,
            Self::Close => AccountEvent::Close,
        }
    }

    /// Whether the action ends sessions and cancels messages that have not been sent.
    pub fn stops(self) -> bool {
        matches!(self, Self::Disable | Self::Close)
    }

    /// The entry in each person's history.
    pub fn audit(self) -> AuditAction {
        match self {
            Self::Disable => AuditAction::AccountSuspended,
            Self::Enable => AuditAction::AccountReactivated,
            Self::Unlock => AuditAction::AccountUnlocked,
            Self::Close => AuditAction::AccountClosed,
        }
    }

    /// What staff are told before the action on `accounts` accounts, of which `on_roll` are of people who have not left:
    /// the same for one as for many.
    pub fn warning(self, accounts: usize, on_roll: usize) -> String {
        let one = accounts == 1;
        match self {
            Self::Disable if one => {
                "They will be signed out now and can\u{2019}t sign in until you enable the account again."
                    .to_owned()
            }
            Self::Disable => {
                "They will be signed out now and can\u{2019}t sign in until you enable their accounts again."
                    .to_owned()
            }
            Self::Enable if one => "The account will work as it did before it was disabled.".to_owned(),
            Self::Enable => "The accounts will work as they did before they were disabled.".to_owned(),
            Self::Unlock => "They can try their password again.".to_owned(),
            Self::Close => {
                let still = match (on_roll, one) {
                    (0, _) => "",
                    (_, true) => "They have not left the school. ",
                    (1, false) => "1 of them has not left the school. ",
                    (_, false) => {
                        return format!(
                            "{on_roll} of them have not left the school. {}",
                            Self::closing(false)
                        );
                    }
                };
                format!("{still}{}", Self::closing(one))
            }
        }
    }

    fn closing(one: bool) -> &'static str {
        if one {
            "They will be signed out now and can\u{2019}t sign in again. Nobody else ever gets their username. If they come back, you can re-open the account with a new invitation."
        } else {
            "They will be signed out now and can\u{2019}t sign in again. Nobody else ever gets their usernames. If someone comes back, you can re-open their account with a new invitation."
        }
    }

    /// The verb on buttons.
    pub fn label(self) -> &'static str {
        match self {
            Self::Disable => "Disable",
            Self::Enable => "Enable",
            Self::Unlock => "Unlock",
            Self::Close => "Close",
        }
    }
}

/// The result of an action on a selection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionOutcome {
    /// Number of accounts changed.
    pub changed: u32,
    /// Accounts that were skipped, grouped by reason, most frequent first.
    pub left_alone: Vec<LeftAlone>,
    /// Whether nothing has changed yet because a second person has to approve it.
    pub waits: bool,
    /// The job that runs the action, if the selection is large. Nothing has changed yet in that case either.
    pub queued: Option<OperationId>,
}

impl ActionOutcome {
    /// " 2 skipped: a restriction hides them from you. Ask someone else to do this." The page does not list
    /// these people. Empty if there are none.
    pub fn restricted(&self) -> String {
        let restricted = self.left_alone.iter().find(|left| left.reason == LeftAlone::RESTRICTED);
        restricted.map_or_else(String::new, |left| format!(" {} skipped: {}.", left.count, left.reason))
    }
}

impl LeftAlone {
    /// The reason for skipping people whom a restriction hides from the actor.
    pub const RESTRICTED: &'static str = "a restriction hides them from you. Ask someone else to do this";
}

/// People skipped by an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftAlone {
    /// The reason, as part of a sentence: "no account".
    pub reason: String,
    /// How many people.
    pub count: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_many_are_told_the_same_of_closing() {
        for (accounts, on_roll, begins) in [
            (1, 0, "They will be signed out now"),
            (1, 1, "They have not left the school. They will be signed out now"),
            (3, 0, "They will be signed out now"),
            (3, 1, "1 of them has not left the school. They will"),
            (3, 2, "2 of them have not left the school. They will"),
        ] {
            let told = AccountAction::Close.warning(accounts, on_roll);
            assert!(told.starts_with(begins), "{told}");
            for said in ["signed out now", "sign in again", "Nobody else ever gets", "re-open"] {
                assert!(told.contains(said), "{told}");
            }
        }
    }
}
