//! What each action on the selected people is called, means and applies to.

use domain::accounts::action::AccountAction;
use domain::credentials::state::AccountState;
use domain::credentials::status::AccountStatus;
use domain::roll::views::RollRow;

use super::bulk_bar::BulkRequest;

/// An action in the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkAction {
    /// Send invitations.
    Send,
    /// Cancel all live invitations.
    Revoke,
    /// Disable, enable, unlock or close accounts.
    Change(AccountAction),
}

impl BulkAction {
    /// The verb, and its object in singular and plural.
    fn words(self) -> (&'static str, [&'static str; 2]) {
        let accounts = ["account", "accounts"];
        match self {
            Self::Send => ("Send", ["invitation code", "invitation codes"]),
            Self::Revoke => ("Cancel", ["invitation", "invitations"]),
            Self::Change(AccountAction::Disable) => ("Disable", accounts),
            Self::Change(AccountAction::Enable) => ("Enable", accounts),
            Self::Change(AccountAction::Unlock) => ("Unlock", accounts),
            Self::Change(AccountAction::Close) => ("Close", accounts),
        }
    }

    /// The class of the button that does it: red where it stops people, as on a record.
    pub(super) fn button(self) -> &'static str {
        match self {
            Self::Change(action) if action.stops() => "btn danger",
            _ => "btn primary",
        }
    }

    /// The button's label.
    pub(super) fn label(self, one: bool) -> String {
        let (verb, things) = self.words();
        format!("{verb} {}", things[usize::from(!one)])
    }

    pub(super) fn question(self, count: usize) -> String {
        let (verb, things) = self.words();
        match count {
            0 => self.nobody(),
            1 => format!("{verb} 1 {}?", things[0]),
            _ => format!("{verb} {count} {}?", things[1]),
        }
    }

    /// Says why the action applies to nobody.
    pub(super) fn nobody(self) -> String {
        match self {
            Self::Send => "None of the selected accounts can be invited".to_owned(),
            Self::Revoke => "None of the selected accounts have an active invitation".to_owned(),
            Self::Change(action) => {
                format!("None of the selected accounts can be {}", action.event().done())
            }
        }
    }

    /// What the action means for the people it affects.
    pub(super) fn consequence(self, reach: &Reach) -> String {
        match self {
            Self::Send => {
                let twice = match (reach.again, reach.count) {
                    (0, _) => String::new(),
                    (1, 1) => " They were sent one already and have not answered: this is a second email.".to_owned(),
                    (again, count) if again == count => " All of them were sent one already and have not answered: this is a second email.".to_owned(),
                    (1, _) => " 1 of them was sent one already and has not answered: they get a second email.".to_owned(),
                    (again, _) => format!(" {again} of them were sent one already and have not answered: they get a second email."),
                };
                let left = match reach.count - reach.on_roll {
                    0 => String::new(),
                    1 if reach.count == 1 => "They have left the school. ".to_owned(),
                    1 => "1 of them has left the school. ".to_owned(),
                    left => format!("{left} of them have left the school. "),
                };
                format!("{left}Each person gets an email with their own link and code. Earlier codes keep working until one is used.{twice}")
            }
            Self::Revoke => {
                "Links and codes already sent will stop working. The accounts stay, and you can send new codes.".to_owned()
            }
            Self::Change(action) => action.warning(reach.count, reach.on_roll),
        }
    }

    /// Why the action skips a student; `None` if it applies.
    pub(super) fn unfit(self, row: &RollRow, status: AccountStatus) -> Option<&'static str> {
        let Some(account) = &row.account else { return Some("no account") };
        let state = account.standing.state;
        match self {
            Self::Send if status == AccountStatus::Queued => Some("an invitation is already on its way"),
            Self::Send if state.waits_for_password() => row.email.is_none().then_some("no email"),
            Self::Send => Some(if state == AccountState::Active {
                "already active"
            } else {
                "disabled, locked or closed"
            }),
            Self::Revoke => {
                let ended = account.standing.invitation_end.is_some() || status == AccountStatus::CodeExpired;
                (state != AccountState::Invited || ended).then_some("no active invitation")
            }
            Self::Change(action) => state
                .after(action.event(), AccountState::Created)
                .is_err()
                .then_some("not possible in their current state"),
        }
    }
}

/// Whom an action affects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) request: BulkRequest,
    /// How many people.
    pub(super) count: usize,
    /// How many of them have not left.
    pub(super) on_roll: usize,
    /// How many of them were sent an invitation that still works.
    pub(super) again: usize,
    /// How many people are skipped, by reason.
    pub(super) left: Vec<(&'static str, usize)>,
}
