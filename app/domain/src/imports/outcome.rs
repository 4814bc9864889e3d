//! What an import does with a row.

use serde::{Deserialize, Serialize};

/// The outcomes, as written in logs and `--json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// A new record.
    Added,
    /// An existing record whose details change.
    Updated,
    /// People who are both known, and who now belong together: an adult and a child, or an adult and an account.
    Linked,
    /// Nothing to change.
    Unchanged,
    /// An earlier enrolment of a person whose latest one is in another row: it becomes part of their history.
    History,
    /// Skipped for a reason that is not a mistake, such as a row that is in the file twice.
    Skipped,
    /// Nothing but values that somebody has changed by hand differ: these stay.
    Kept,
    /// Held back until the office decides: see [`super::held`].
    Held,
    /// The row has a problem.
    Rejected,
}

impl RowOutcome {
    /// All, in the order of the log's summary.
    pub const ALL: [Self; 9] = [
        Self::Added,
        Self::Updated,
        Self::Linked,
        Self::Unchanged,
        Self::History,
        Self::Skipped,
        Self::Kept,
        Self::Held,
        Self::Rejected,
    ];

    /// The name in logs and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Updated => "updated",
            Self::Linked => "linked",
            Self::Unchanged => "unchanged",
            Self::History => "history",
            Self::Skipped => "skipped",
            Self::Kept => "kept",
            Self::Held => "held",
            Self::Rejected => "rejected",
        }
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Updated => "Updated",
            Self::Linked => "Linked",
            Self::Unchanged => "No change",
            Self::History => "History",
            Self::Skipped => "Skipped",
            Self::Kept => "Kept",
            Self::Held => "Held back",
            Self::Rejected => "Rejected",
        }
    }

    /// Whether few lists have such rows, so that their number is shown only where there are some.
    pub fn is_rare(self) -> bool {
        matches!(self, Self::History | Self::Linked | Self::Kept)
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.slug() == slug)
    }
}

/// Rows of a log that are looked at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LogFilter {
    /// Rows with one outcome.
    Outcome(RowOutcome),
    /// Rows that are imported without a field that cannot be read.
    LeftOut,
    /// Both: what goes back to who sent the file.
    Faulty,
}

/// The name of [`LogFilter::LeftOut`].
pub const LEFT_OUT: &str = "left_out";

/// The name of [`LogFilter::Faulty`].
pub const FAULTY: &str = "faulty";

impl LogFilter {
    /// The name in addresses, in `--json` and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Outcome(outcome) => outcome.slug(),
            Self::LeftOut => LEFT_OUT,
            Self::Faulty => FAULTY,
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        match slug {
            LEFT_OUT => Some(Self::LeftOut),
            FAULTY => Some(Self::Faulty),
            slug => RowOutcome::from_slug(slug).map(Self::Outcome),
        }
    }
}

impl From<RowOutcome> for LogFilter {
    fn from(outcome: RowOutcome) -> Self {
        Self::Outcome(outcome)
    }
}

impl TryFrom<String> for LogFilter {
    type Error = &'static str;
    fn try_from(slug: String) -> Result<Self, Self::Error> {
        Self::from_slug(&slug).ok_or("there are no such rows")
    }
}

impl From<LogFilter> for String {
    fn from(filter: LogFilter) -> Self {
        filter.slug().to_owned()
    }
}
