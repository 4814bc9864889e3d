//! What is changed of several accounts at once, with a simulation before and an undo after.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::action::AccountAction;
use super::portal_choice::PortalChoice;
use crate::ids::PersonId;
use crate::operations::past::PastOperation;
use crate::operations::plan::PlanHash;

/// A change of several accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkChange {
    /// Disables, enables, unlocks or closes them.
    State(AccountAction),
    /// Gives them a portal group.
    Portal(PortalChoice),
}

impl BulkChange {
    /// All of them, in the order of the form; the one that cannot be undone is last.
    pub const ALL: [Self; 6] = [
        Self::State(AccountAction::Enable),
        Self::State(AccountAction::Unlock),
        Self::Portal(PortalChoice::Usual),
        Self::Portal(PortalChoice::HomeVisits),
        Self::State(AccountAction::Disable),
        Self::State(AccountAction::Close),
    ];

    /// The name in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::State(action) => action.slug(),
            Self::Portal(PortalChoice::Usual) => "portal_usual",
            Self::Portal(PortalChoice::HomeVisits) => "portal_home_visits",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.slug() == slug)
    }

    /// The choice in a form: "Disable accounts".
    pub fn label(self) -> String {
        match self {
            Self::State(action) => format!("{} accounts", action.label()),
            Self::Portal(choice) => format!("Change portal group to \u{201c}{}\u{201d}", choice.label()),
        }
    }

    /// The button: "Disable 12 accounts".
    pub fn button(self, many: usize) -> String {
        let accounts = accounts(many);
        match self {
            Self::State(action) => format!("{} {accounts}", action.label()),
            Self::Portal(_) => format!("Change {accounts}"),
        }
    }

    /// What it means for those it is done to.
    pub fn consequence(self, many: usize) -> String {
        match self {
            Self::State(action) => action.warning(many, 0),
            Self::Portal(choice) => choice.hint().to_owned(),
        }
    }

    /// What was done: "12 accounts disabled".
    pub fn done(self, many: usize) -> String {
        let accounts = accounts(many);
        match self {
            Self::State(action) => format!("{accounts} {}", action.event().done()),
            Self::Portal(choice) => {
                format!("{accounts} given the portal group \u{201c}{}\u{201d}", choice.label())
            }
        }
    }

    /// Whether it can be undone. A closed account that is opened again starts as new.
    pub fn is_undoable(self) -> bool {
        self != Self::State(AccountAction::Close)
    }

    /// Whether it stops people, so that its button is red.
    pub fn stops(self) -> bool {
        matches!(self, Self::State(action) if action.stops())
    }
}

fn accounts(many: usize) -> String {
    if many == 1 { "1 account".to_owned() } else { format!("{many} accounts") }
}

/// Somebody whose account changes, or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAccount {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their username; empty if they have no account.
    pub username: String,
}

/// People whose accounts do not change, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaysSame {
    /// The reason, as part of a sentence: "no account".
    pub reason: String,
    /// How many.
    pub count: usize,
    /// The first of them by name; nobody if a restriction hides them.
    pub first: Vec<NamedAccount>,
}

/// What a change would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkSimulation {
    /// How many accounts would change.
    pub changes: usize,
    /// The first of them by name.
    pub first: Vec<NamedAccount>,
    /// Who stays as they are, most frequent reason first.
    pub stays: Vec<StaysSame>,
    /// Whether a second person has to approve it first.
    pub waits: bool,
    /// The plan. Nothing else is done than what it says.
    pub hash: PlanHash,
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkChanged {
    /// Who made it, when, and of how many.
    pub operation: PastOperation,
    /// The change.
    pub change: BulkChange,
    /// The first of the people by name, as far as the reader may see them.
    pub first: Vec<NamedAccount>,
}

impl BulkChanged {
    /// The heading: "12 accounts disabled".
    pub fn heading(&self) -> String {
        self.change.done(usize::try_from(self.operation.size).unwrap_or(usize::MAX))
    }

    /// When it was undone.
    pub fn undone_at(&self) -> Option<DateTime<Utc>> {
        self.operation.undone_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_read_back_and_counts_one_and_many() {
        for change in BulkChange::ALL {
            assert_eq!(BulkChange::from_slug(change.slug()), Some(change));
            assert!(change.button(1).ends_with("1 account"), "{change:?}");
            assert!(change.done(2).starts_with("2 accounts "), "{change:?}");
            assert!(!change.consequence(2).is_empty(), "{change:?}");
        }
        assert!(!BulkChange::State(AccountAction::Close).is_undoable());
    }
}
