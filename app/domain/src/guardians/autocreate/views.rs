//! What pages and commands show of a run.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::options::AutocreateOptions;
use super::outcome::{Outcome, OutcomeGroup, Progress, Rule};
use crate::ids::{AutocreateId, OperationId, PersonId};
use crate::operations::plan::PlanHash;
use crate::operations::progress::counted;

/// The figures of a simulation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutocreateCounts {
    /// The students that were looked at.
    pub students: u32,
    /// Their contacts.
    pub contacts: u32,
    /// The accounts that would be created.
    pub accounts: u32,
    /// The children that would be attached to accounts that exist.
    pub attached: u32,
    /// The invitations and messages that would be sent.
    pub messages: u32,
    /// The families that were found.
    pub households: u32,
    /// Children with nobody who has access, or would get it.
    pub alone: u32,
    /// The rows that the page shows of each group: one for each adult, outcome and rule.
    pub rows: BTreeMap<OutcomeGroup, u32>,
    /// Pairs by outcome.
    pub outcomes: BTreeMap<Outcome, u32>,
    /// Rows that are skipped, by rule.
    pub skipped: BTreeMap<Rule, u32>,
    /// Families with a pair of an outcome.
    #[serde(default)]
    pub families: BTreeMap<Outcome, u32>,
    /// Families with a row of a group.
    #[serde(default)]
    pub group_families: BTreeMap<OutcomeGroup, u32>,
}

impl AutocreateCounts {
    /// The rows of a group.
    pub fn of(&self, group: OutcomeGroup) -> u32 {
        self.rows.get(&group).copied().unwrap_or_default()
    }

    /// The figures for those who may not know of orders: an order counts as the mark "no portal", as its rows show it.
    #[must_use]
    pub fn without_orders(mut self) -> Self {
        for counts in [&mut self.outcomes, &mut self.families] {
            if let Some(count) = counts.remove(&Outcome::Restricted) {
                *counts.entry(Outcome::NoPortal).or_default() += count;
            }
        }
        if let Some(count) = self.skipped.remove(&Rule::Restriction) {
            *self.skipped.entry(Rule::NoPortalMark).or_default() += count;
        }
        self
    }

    /// How many pairs a person has to decide about.
    pub fn held(&self) -> u32 {
        self.outcomes.iter().filter(|(outcome, _)| outcome.is_held()).map(|(_, count)| count).sum()
    }

    /// "In 3 families.", for a group.
    pub fn families_in_words(&self, group: OutcomeGroup) -> String {
        match self.group_families.get(&group).copied().unwrap_or_default() {
            0 => String::new(),
            many => format!("In {}.", counted(many, "family", "families")),
        }
    }

    /// The rows that the page shows under All. Those with whom nothing is missing are shown only if they are asked for.
    pub fn all(&self) -> u32 {
        [OutcomeGroup::Create, OutcomeGroup::Attach, OutcomeGroup::Skipped]
            .into_iter()
            .map(|group| self.of(group))
            .sum()
    }

    /// Whether there is anything to do.
    pub fn acts(&self) -> bool {
        self.accounts + self.attached > 0
    }

    /// "34 no email on record, 15 shared", the most frequent first.
    pub fn skipped_in_words(&self) -> String {
        let mut by_outcome: BTreeMap<&'static str, u32> = BTreeMap::new();
        for (rule, count) in &self.skipped {
            *by_outcome.entry(rule.label()).or_default() += count;
        }
        let mut counts: Vec<_> = by_outcome.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        counts.into_iter().map(|(label, count)| format!("{count}: {label}")).collect::<Vec<_>>().join("; ")
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Simulated. Nothing was done.
    Simulated,
    /// Waits for a second person.
    Waiting,
    /// A second person approved it, and it has not run yet.
    Approved,
    /// A job runs it.
    Running,
    /// Done as simulated.
    Applied,
    /// Done but for what had changed.
    AppliedInPart,
    /// Undone.
    Undone,
    /// Accounts that were in use stayed, and only the access ended.
    UndoneInPart,
    /// Too old to be run.
    Expired,
}

impl RunState {
    /// The word in lists and for scripts.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Simulated => "simulated",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Running => "running",
            Self::Applied => "applied",
            Self::AppliedInPart => "applied_in_part",
            Self::Undone => "undone",
            Self::UndoneInPart => "undone_in_part",
            Self::Expired => "expired",
        }
    }

    /// How far it is.
    pub fn progress(self) -> Progress {
        match self {
            Self::Simulated | Self::Waiting | Self::Approved | Self::Running | Self::Expired => {
                Progress::Ahead
            }
            Self::Applied => Progress::Done,
            Self::AppliedInPart | Self::Undone | Self::UndoneInPart => Progress::Planned,
        }
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Simulated => "Simulated",
            Self::Waiting => "Waits for approval",
            Self::Approved => "Approved",
            Self::Running => "Running",
            Self::Applied => "Created",
            Self::AppliedInPart => "Created in part",
            Self::Undone => "Undone",
            Self::UndoneInPart => "Access ended",
            Self::Expired => "Expired",
        }
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunView {
    /// Its id.
    pub id: AutocreateId,
    /// When it was simulated.
    pub at: DateTime<Utc>,
    /// The name of who simulated it; `None` on the command line.
    pub by: Option<String>,
    /// Its rules.
    pub options: AutocreateOptions,
    /// Its figures.
    pub counts: AutocreateCounts,
    /// The plan that is run.
    pub plan: PlanHash,
    /// Where it stands.
    pub state: RunState,
    /// The operation that ran it or waits to.
    pub operation: Option<OperationId>,
    /// How many pairs were left out because something had changed.
    pub changed: u32,
}

/// A child with nobody who has access or would get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AloneLine {
    /// The child.
    pub child: PersonId,
    /// Their name.
    pub name: String,
    /// The registration group, or the year.
    pub group: String,
    /// How many contacts they have.
    pub contacts: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_know_of_an_order_sees_it_nowhere_in_the_figures() {
        let both = [(Outcome::Restricted, 1), (Outcome::NoPortal, 2)];
        let counts = AutocreateCounts {
            outcomes: both.into(),
            families: both.into(),
            skipped: [(Rule::Restriction, 1), (Rule::NoPortalMark, 2)].into(),
            ..AutocreateCounts::default()
        };
        let shown = counts.without_orders();
        assert_eq!(shown.outcomes, [(Outcome::NoPortal, 3)].into());
        assert_eq!(shown.families, [(Outcome::NoPortal, 3)].into());
        assert!(!shown.skipped_in_words().contains("Order"), "{}", shown.skipped_in_words());
    }
}
