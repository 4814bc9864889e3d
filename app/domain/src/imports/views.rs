//! Imports as they cross the wire to the office.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::kind::KindSlug;
use super::mapping::ColumnMatch;
use super::note::Note;
use super::outcome::Outcome;
use super::plan::PlanCounts;
use crate::ids::{ImportId, OperationId, SchoolId};
use crate::operations::plan::PlanHash;

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Read; its columns are to be matched.
    Staged,
    /// Simulated: the log says what would happen.
    Planned,
    /// Written.
    Committed,
    /// Discarded; nothing was changed.
    Discarded,
    /// Written once, and undone.
    Undone,
}

impl ImportState {
    /// The word in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Planned => "planned",
            Self::Committed => "committed",
            Self::Discarded => "discarded",
            Self::Undone => "undone",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Staged, Self::Planned, Self::Committed, Self::Discarded, Self::Undone]
            .into_iter()
            .find(|state| state.slug() == slug)
    }

    /// The words on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Staged => "Columns not matched yet",
            Self::Planned => "Checked, not imported",
            Self::Committed => "Imported",
            Self::Discarded => "Discarded",
            Self::Undone => "Undone",
        }
    }
}

/// One import, with what its page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// The import.
    pub id: ImportId,
    /// The school it is for.
    pub school: SchoolId,
    /// What it is a list of.
    pub kind: KindSlug,
    /// The name of its file.
    pub file_name: String,
    /// How far it has come.
    pub state: ImportState,
    /// How many rows the file has, without its header.
    pub row_count: u32,
    /// Its columns, in the file's order.
    pub columns: Vec<ColumnView>,
    /// Rows by outcome, once simulated.
    pub counts: Option<PlanCounts>,
    /// The fingerprint of the plan, once simulated.
    pub plan: Option<PlanHash>,
    /// When the file came.
    pub created_at: DateTime<Utc>,
    /// When it was imported.
    pub committed_at: Option<DateTime<Utc>>,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    /// Its header.
    pub header: String,
    /// Where it goes.
    pub goes_to: ColumnMatch,
    /// The first values that are not empty.
    pub samples: Vec<String>,
}

/// One import in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// The import.
    pub id: ImportId,
    /// The name of its file.
    pub file_name: String,
    /// How far it has come.
    pub state: ImportState,
    /// How many rows the file has.
    pub row_count: u32,
    /// Rows by outcome, once simulated.
    pub counts: Option<PlanCounts>,
    /// When the file came.
    pub created_at: DateTime<Utc>,
}

/// What the log says about a row: codes and parameters, which [`super::words`] puts into sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowLine {
    /// What becomes of it.
    pub outcome: Outcome,
    /// A stable word for the reason.
    pub code: Cow<'static, str>,
    /// What is said about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// Nothing to say: the row changes nothing.
impl Default for RowLine {
    fn default() -> Self {
        Self { outcome: Outcome::Unchanged, code: Cow::Borrowed("no_difference"), notes: Vec::new() }
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// The row's number in the file, as a spreadsheet shows it.
    pub row: u32,
    /// What becomes of it.
    pub line: RowLine,
    /// What tells it from other rows, as far as it could be read.
    pub key: Option<String>,
}

/// A page of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// Its lines, with the name that each row gives.
    pub lines: Vec<NamedLogLine>,
    /// The row to go on after, if there are more.
    pub next: Option<u32>,
}

/// A line of the log with the name that its row gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedLogLine {
    /// The name, as the file has it.
    pub name: String,
    /// The line.
    pub line: LogLine,
}

/// What became of a plan that was to be committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "became")]
pub enum Committed {
    /// It is written.
    Done {
        /// The import after it.
        import: ImportView,
    },
    /// Something changed since it was checked: nothing was written, and there is a new plan to check.
    Drifted {
        /// The import with the new plan.
        import: ImportView,
        /// The first rows that would now end differently.
        differing: Vec<LogLine>,
    },
    /// The file is large: a job writes it.
    Queued {
        /// What tells how far that has come.
        operation: OperationId,
    },
}
