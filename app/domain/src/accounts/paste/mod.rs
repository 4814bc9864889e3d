//! Accounts for a pasted list of people: rows of cells, checked as they are pasted, in the browser and on the server.

mod addresses;
pub mod arrange;
mod by_cells;
pub mod check;
pub mod grid;
mod headings;
pub mod history;
mod html;
pub mod names;
pub mod outcome;
pub mod plan;
pub mod read;
#[cfg(test)]
mod reports;
pub mod who;

use serde::{Deserialize, Serialize};

use crate::ids::{CourseId, GroupId, PersonId};
use crate::roll::name::tidy;
use crate::spreadsheet::restored;

/// The most rows of one paste. What is longer is a file for an import.
pub const MOST_ROWS: usize = 5_000;

/// The longest cell that is kept, in characters. What is longer is no name, address or number, and its row says so.
pub const LONGEST_CELL: usize = 300;

/// The columns, in the order in which the page shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasteColumn {
    /// Family name.
    FamilyName,
    /// Given name.
    GivenName,
    /// Email address.
    Email,
    /// Username; one is made if it is blank.
    Username,
    /// Admission number.
    AdmissionNumber,
}

impl PasteColumn {
    /// The columns in their shown order.
    pub const ALL: [Self; 5] =
        [Self::FamilyName, Self::GivenName, Self::Email, Self::Username, Self::AdmissionNumber];

    /// Its index in a row.
    pub const fn at(self) -> usize {
        match self {
            Self::FamilyName => 0,
            Self::GivenName => 1,
            Self::Email => 2,
            Self::Username => 3,
            Self::AdmissionNumber => 4,
        }
    }

    /// Its heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FamilyName => "Family name",
            Self::GivenName => "Given name",
            Self::Email => "Email",
            Self::Username => "Username",
            Self::AdmissionNumber => "Admission number",
        }
    }
}

/// The cells of a row, by [`PasteColumn::at`].
pub type PasteCells = [String; PasteColumn::ALL.len()];

/// What somebody decided about a row whose student may be one who is on the roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoDecision {
    /// It is that student.
    Same,
    /// It is someone else, of the same name.
    Other,
}

/// A row of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedRow {
    /// Its cells.
    #[serde(rename = "c")]
    pub cells: PasteCells,
    /// Who it is, if that was asked.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub who: Option<WhoDecision>,
}

impl PastedRow {
    /// A row of these cells.
    pub fn of(cells: [&str; PasteColumn::ALL.len()]) -> Self {
        Self { cells: cells.map(cell), who: None }
    }

    /// A cell.
    pub fn cell(&self, column: PasteColumn) -> &str {
        &self.cells[column.at()]
    }

    /// Whether all its cells are empty. Such rows are left out.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// The text of a cell: one line without marks of direction, and without the apostrophe that protects formulas. A cell
/// that is far too long keeps its beginning, which is still too long for every column.
pub fn cell(text: &str) -> String {
    let text = tidy(restored(text));
    if text.len() <= LONGEST_CELL { text } else { text.chars().take(LONGEST_CELL).collect() }
}

/// The group that the people of a list become members of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasteInto {
    /// One that exists.
    Group(GroupId),
    /// One that is created with them.
    New(NewPasteGroup),
}

/// A group that is created with its members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPasteGroup {
    /// Its name, as typed.
    pub name: String,
    /// Its courses. What they add is added.
    #[serde(default)]
    pub courses: Vec<CourseId>,
    /// Its tutors, who are given the role with it.
    #[serde(default)]
    pub tutors: Vec<PersonId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_line_without_marks_of_direction() {
        assert_eq!(cell(" Berg\r\n Olsen\t"), "Berg Olsen");
        assert_eq!(cell("\u{202b}محمد\u{202c}"), "محمد");
        assert_eq!(cell("'=1+1"), "=1+1");
        assert_eq!(cell(&"x".repeat(5_000)).len(), LONGEST_CELL);
    }

    #[test]
    fn columns_know_their_place() {
        for (at, column) in PasteColumn::ALL.into_iter().enumerate() {
            assert_eq!(column.at(), at);
        }
    }
}
