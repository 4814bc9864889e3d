//! Imports, as sent to the office.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::about::RowPeople;
use super::dates::DateOrder;
use super::dates::evidence::{DateQuestion, OrderEvidence};
use super::deciding::{Decision, LEFT_WITHOUT_END};
use super::held::HeldRow;
use super::kind::{CellType, ImportDeclaration, KindSlug};
use super::mapping::{ColumnMatch, FieldSlug};
use super::note::Note;
use super::outcome::{LogFilter, RowOutcome};
use super::plan::{FileFindings, PlanCounts};
use super::reading::FileReading;
use crate::ids::{ImportId, OperationId, SchoolId};
use crate::operations::plan::PlanHash;

/// The progress of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Uploaded; its columns have to be matched.
    Staged,
    /// Simulated: the log says what would happen.
    Planned,
    /// Imported.
    Committed,
    /// Discarded without changes.
    Discarded,
    /// Imported, then undone.
    Undone,
}

impl ImportState {
    /// The name in the database.
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

    /// The text on pages.
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

/// Where the approval of an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportApproval {
    /// Nobody has decided yet.
    Waiting,
    /// It was approved, and has not run yet.
    Approved,
}

/// An import, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// The import.
    pub id: ImportId,
    /// The school it is for.
    pub school: SchoolId,
    /// The kind of list.
    pub kind: KindSlug,
    /// The name of the file.
    pub file_name: String,
    /// The progress.
    pub state: ImportState,
    /// The number of rows, without the header.
    pub row_count: u32,
    /// The columns, in the order of the file.
    pub columns: Vec<ColumnView>,
    /// The columns that decide whether rows are imported, with their values.
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// The order of dates that someone chose; `None` leaves it to the file.
    pub date_order: Option<DateOrder>,
    /// How the file was read.
    pub reading: FileReading,
    /// The number of rows by outcome, once simulated.
    pub counts: Option<PlanCounts>,
    /// What the file as a whole says, once simulated.
    pub findings: FileFindings,
    /// The number of decisions about its rows.
    pub decided: u32,
    /// Whether it replaces what was changed by hand.
    #[serde(default)]
    pub replaces_edits: bool,
    /// The number of rows with a cell that was corrected here.
    #[serde(default)]
    pub corrected: u32,
    /// The hash of the plan, once simulated.
    pub plan: Option<PlanHash>,
    /// Whether a second person was asked to approve exactly this plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<ImportApproval>,
    /// When the file was uploaded.
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
    /// The field it is matched to.
    pub goes_to: ColumnMatch,
    /// The first values that are not empty.
    pub samples: Vec<String>,
    /// What its values say about the order of dates.
    #[serde(default, skip_serializing_if = "OrderEvidence::is_empty")]
    pub dates: OrderEvidence,
}

/// The form field of the order of dates.
pub const DATES: &str = "dates";

/// What all date columns of a file say together about the order of its dates. `columns` has the field of each column.
pub fn file_evidence<'a>(
    kind: &ImportDeclaration,
    columns: impl Iterator<Item = (Option<&'a FieldSlug>, &'a OrderEvidence)>,
) -> OrderEvidence {
    let holds_dates =
        |slug: &FieldSlug| kind.field(slug.as_str()).is_some_and(|field| field.holds == CellType::Dates);
    columns
        .filter(|(field, _)| field.is_some_and(holds_dates))
        .fold(OrderEvidence::default(), |all, (_, evidence)| all.with(evidence))
}

impl ImportView {
    /// The question about the order of dates, if the file does not show it and nobody has chosen it.
    pub fn date_question(&self, kind: &ImportDeclaration) -> Option<DateQuestion> {
        self.read_dates(kind).err()
    }

    /// How dates are read, if any date of the file depends on it: the order, and an example from the file.
    pub fn dates_read(&self, kind: &ImportDeclaration) -> Option<(DateOrder, String, NaiveDate)> {
        let order = self.read_dates(kind).ok()?;
        let evidence = self.evidence(kind);
        let (text, day) = evidence.example(order)?;
        Some((order, text.to_owned(), day))
    }

    fn evidence(&self, kind: &ImportDeclaration) -> OrderEvidence {
        file_evidence(kind, self.columns.iter().map(|column| (column.goes_to.field.as_ref(), &column.dates)))
    }

    fn read_dates(&self, kind: &ImportDeclaration) -> Result<DateOrder, DateQuestion> {
        self.date_order.map_or_else(|| self.evidence(kind).order(), Ok)
    }
}

/// An import in the list of imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// The import.
    pub id: ImportId,
    /// The name of the file.
    pub file_name: String,
    /// The progress.
    pub state: ImportState,
    /// The number of rows.
    pub row_count: u32,
    /// The number of rows by outcome, once simulated.
    pub counts: Option<PlanCounts>,
    /// When the file was uploaded.
    pub created_at: DateTime<Utc>,
}

/// A row's line in the log: codes and parameters, which [`super::words`] puts into sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowLine {
    /// The outcome.
    pub outcome: RowOutcome,
    /// A stable code for the reason.
    pub code: Cow<'static, str>,
    /// Notes about the row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What has to be decided, if the row is held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Box<HeldRow>>,
}

impl RowLine {
    /// The fields that the row is imported without, because their cells cannot be read.
    pub fn left_out(&self) -> impl Iterator<Item = &str> {
        let is_imported = matches!(
            self.outcome,
            RowOutcome::Added
                | RowOutcome::Updated
                | RowOutcome::Linked
                | RowOutcome::Unchanged
                | RowOutcome::Kept
        );
        self.notes.iter().filter(move |_| is_imported).filter_map(Note::left_out)
    }

    /// Whether the row is skipped for want of a last day, for which the file has a column: with it the row is imported.
    pub fn lacks_end(&self) -> bool {
        let lacks = |note: &Note| note.code == LEFT_WITHOUT_END && !note.get("field").is_empty();
        self.outcome == RowOutcome::Skipped && self.notes.iter().any(lacks)
    }

    /// Whether something in the row can be corrected.
    pub fn is_faulty(&self) -> bool {
        self.outcome == RowOutcome::Rejected || self.left_out().next().is_some() || self.lacks_end()
    }

    /// Whether a filter of the log shows the row.
    pub fn is_shown_by(&self, filter: LogFilter) -> bool {
        match filter {
            // Rows of which only the address is held back wait too.
            LogFilter::Outcome(RowOutcome::Held) => self.outcome == RowOutcome::Held || self.held.is_some(),
            LogFilter::Outcome(outcome) => self.outcome == outcome,
            LogFilter::LeftOut => self.left_out().next().is_some(),
            LogFilter::Faulty => self.is_faulty(),
        }
    }
}

/// A row without changes.
impl Default for RowLine {
    fn default() -> Self {
        Self {
            outcome: RowOutcome::Unchanged,
            code: Cow::Borrowed("no_difference"),
            notes: Vec::new(),
            held: None,
        }
    }
}

/// A line of the log, with the row it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// The row's number in the file, as a spreadsheet shows it.
    pub row: u32,
    /// The line itself.
    pub line: RowLine,
    /// The row's key, if it can be read.
    pub key: Option<String>,
}

/// A page of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// The lines, each with the name in its row.
    pub lines: Vec<NamedLogLine>,
    /// The last row of this page, if there are more.
    pub next: Option<u32>,
}

/// A line of the log, with the name in its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedLogLine {
    /// The name, as written in the file.
    pub name: String,
    /// The student and the adults, in files about families.
    #[serde(default, skip)]
    pub people: Option<RowPeople>,
    /// The line.
    pub line: LogLine,
}

/// The result of confirming a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "became")]
pub enum CommitOutcome {
    /// It was imported.
    Done {
        /// The updated import.
        import: ImportView,
    },
    /// The data has changed since the check, so nothing was imported and there is a new plan to check.
    Drifted {
        /// The import with the new plan.
        import: ImportView,
        /// The first rows whose outcome has changed.
        differing: Vec<LogLine>,
    },
    /// It ends so much that a second person has to approve it. Nothing has changed yet.
    Waits,
    /// The file is large, so a job imports it.
    Queued {
        /// The operation that reports progress.
        operation: OperationId,
    },
}
