//! The state machine of an account: `Created → Invited → Active`, and `Suspended`, `Locked` and `Closed`.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Created; no invitation has been sent.
    Created,
    /// Created, with a current invitation: one that was queued, and not revoked before it was sent.
    Invited,
    /// The person has chosen a password.
    Active,
    /// Disabled by staff. Returns to its previous state when enabled.
    Suspended,
    /// Locked after too many wrong passwords.
    Locked,
    /// Closed. The username stays its person's. Only re-opening it, for someone who comes back, changes that.
    Closed,
}

/// An event in the life of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountEvent {
    /// An invitation was queued.
    Invite,
    /// The person chose a password.
    Activate,
    /// Staff disabled the account.
    Suspend,
    /// Staff enabled a disabled account.
    Reactivate,
    /// Too many wrong passwords.
    Lock,
    /// Staff unlocked a locked account.
    Unlock,
    /// The account was closed.
    Close,
    /// A closed account was opened again, as new: only a new invitation opens it.
    Reopen,
    /// The person who activated it read a wrong mailbox.
    EndActivation,
}

/// An event that is not possible in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an account that is {} cannot be {}", state.label().to_lowercase(), event.done())]
pub struct TransitionError {
    /// The account's state.
    pub state: AccountState,
    /// The event.
    pub event: AccountEvent,
}

impl AccountState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Created, Self::Invited, Self::Active, Self::Suspended, Self::Locked, Self::Closed];

    /// The state after `event`. `resting` is the state that a disabled account returns to; see
    /// [`Self::resting`].
    pub fn after(self, event: AccountEvent, resting: Self) -> Result<Self, TransitionError> {
        use AccountEvent as E;
        match (self, event) {
            (Self::Created | Self::Invited, E::Invite) => Ok(Self::Invited),
            (Self::Created | Self::Invited, E::Activate) | (Self::Locked, E::Unlock) => Ok(Self::Active),
            (Self::Active, E::Lock) => Ok(Self::Locked),
            (Self::Created | Self::Invited | Self::Active | Self::Locked, E::Suspend) => Ok(Self::Suspended),
            (Self::Suspended, E::Reactivate) => Ok(resting),
            (Self::Active | Self::Locked, E::EndActivation) | (Self::Closed, E::Reopen) => Ok(Self::Created),
            (state, E::Close) if state != Self::Closed => Ok(Self::Closed),
            (state, event) => Err(TransitionError { state, event }),
        }
    }

    /// The resting state of an account with this history, which enabling returns to.
    pub fn resting(activated: bool, invited: bool) -> Self {
        match (activated, invited) {
            (true, _) => Self::Active,
            (false, true) => Self::Invited,
            (false, false) => Self::Created,
        }
    }

    /// Whether the person can sign in with the right password.
    pub fn may_sign_in(self) -> bool {
        self == Self::Active
    }

    /// Whether the person has not chosen a password yet.
    pub fn waits_for_password(self) -> bool {
        matches!(self, Self::Created | Self::Invited)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Created => "Not invited",
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Suspended => "Disabled",
            Self::Locked => "Locked",
            Self::Closed => "Closed",
        }
    }

    /// The name in the database, in web addresses and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Locked => "locked",
            Self::Closed => "closed",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }

    /// The value in an account's row. Whether it is invited follows from its current invitation.
    pub fn stored(self) -> &'static str {
        match self {
            Self::Invited => Self::Created.slug(),
            other => other.slug(),
        }
    }

    /// Reads [`Self::stored`] for an account with or without a current invitation.
    pub fn from_stored(stored: &str, invited: bool) -> Option<Self> {
        match Self::from_slug(stored)? {
            Self::Created | Self::Invited => Some(if invited { Self::Invited } else { Self::Created }),
            other => Some(other),
        }
    }
}

impl AccountEvent {
    /// The past participle, for "cannot be …".
    pub fn done(self) -> &'static str {
        match self {
            Self::Invite => "invited",
            Self::Activate => "activated",
            Self::Suspend => "disabled",
            Self::Reactivate => "enabled",
            Self::Lock => "locked",
            Self::Unlock => "unlocked",
            Self::Close => "closed",
            Self::Reopen => "re-opened",
            Self::EndActivation => "set back to before its activation",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suspended_account_comes_back_as_it_was() {
        for before in [AccountState::Created, AccountState::Invited, AccountState::Active] {
            let stopped = before.after(AccountEvent::Suspend, before).unwrap();
            assert_eq!(stopped.after(AccountEvent::Reactivate, before), Ok(before));
        }
    }

    #[test]
    fn a_closed_account_comes_back_only_as_a_new_one() {
        use AccountEvent::*;
        let closed = AccountState::Closed;
        assert_eq!(closed.after(Reopen, AccountState::Active), Ok(AccountState::Created));
        for state in AccountState::ALL.into_iter().filter(|state| *state != closed) {
            assert!(state.after(Reopen, state).is_err(), "{state:?}");
        }
        for event in [Invite, Activate, Suspend, Reactivate, Lock, Unlock, Close] {
            assert!(AccountState::Closed.after(event, AccountState::Active).is_err(), "{event:?}");
        }
    }

    #[test]
    fn a_suspended_account_is_neither_invited_nor_activated() {
        let refused =
            AccountState::Suspended.after(AccountEvent::Activate, AccountState::Invited).unwrap_err();
        assert_eq!(refused.to_string(), "an account that is disabled cannot be activated");
    }
}
