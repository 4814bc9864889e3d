//! What reading a file finds out about a row, beyond the text of its cells: it is no record, a cell has moved, a
//! value is not there.

use serde::{Deserialize, Serialize};

use super::export::AGENT_UNKNOWN;
use super::kind::ImportDeclaration;
use super::note::Note;
use super::outcome::RowOutcome;

/// A remark on a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// The row is no record, such as a total, and is skipped.
    Skip(Note),
    /// The row cannot be read, and is rejected.
    Reject(Note),
    /// Said in the log, whatever the row does. Never quotes a cell: the cells of columns that are not imported are not
    /// kept.
    Say(Note),
    /// Said in the log if the column is imported, and otherwise forgotten with its cells.
    Of {
        /// The column, from 0.
        column: usize,
        /// What to say. The engine adds the column's name.
        note: Note,
    },
    /// Somebody has corrected a cell on the page. Said in the log if the column is imported.
    Corrected {
        /// The column, from 0.
        column: usize,
        /// What stands in the file.
        was: String,
    },
    /// The value of a cell is not in the file. Its field is left as it is.
    Lost {
        /// The cell's column, from 0.
        column: usize,
        /// Why.
        note: Note,
    },
}

/// A row with more cells than the header.
pub const TOO_MANY_CELLS: &str = "too_many_cells";
/// A cell that was corrected on the page.
pub const CORRECTED: &str = "corrected_here";
/// A row with fewer cells than the header.
pub const TOO_FEW_CELLS: &str = "too_few_cells";
/// The same, where a secret may stand in a column whose cells are kept.
pub const SECRET_MAY_HAVE_MOVED: &str = "secret_may_have_moved";
/// A row with a cell in other quotation marks that was taken apart at the separator.
pub const TAKEN_APART: &str = "taken_apart";
/// A cell to the right of the last column that has a name.
pub const CELL_WITHOUT_NAME: &str = "cell_without_name";
/// The header, once more.
pub const HEADER_AGAIN: &str = "header_again";
/// A row of dashes.
pub const RULE: &str = "rule";
/// A total, a date of printing, a page number.
pub const FOOTER: &str = "footer";
/// A row whose cells are all error values of a spreadsheet.
pub const ERROR_CELLS: &str = "error_cells";
/// A row that the spreadsheet does not show.
pub const HIDDEN_ROW: &str = "hidden_row";
/// A cell whose value is that of a merged cell above.
pub const MERGED_CELL: &str = "merged_cell";
/// A cell that a merged one covers downwards, while nobody has said that it gets its value.
pub const MERGED_DOWN: &str = "merged_down";
/// A cell that a merged cell to its left covers.
pub const MERGED_ACROSS: &str = "merged_across";
/// A row that is one cell over several columns: a title in the list.
pub const MERGED_TITLE: &str = "merged_title";
/// A number that the workbook shows rounded.
pub const SHOWN_ROUNDED: &str = "shown_rounded";
/// A formula whose value the workbook does not have.
pub const NO_VALUE: &str = "formula_without_value";

impl Remark {
    /// The outcome of the row, if this remark decides it, and why.
    pub fn decides(&self) -> Option<(RowOutcome, &Note)> {
        match self {
            Self::Skip(note) => Some((RowOutcome::Skipped, note)),
            Self::Reject(note) => Some((RowOutcome::Rejected, note)),
            Self::Say(_) | Self::Of { .. } | Self::Corrected { .. } | Self::Lost { .. } => None,
        }
    }

    /// The column that it is about, if it is about one.
    pub fn column(&self) -> Option<usize> {
        match self {
            Self::Of { column, .. } | Self::Corrected { column, .. } | Self::Lost { column, .. } => {
                Some(*column)
            }
            Self::Skip(_) | Self::Reject(_) | Self::Say(_) => None,
        }
    }

    /// The column whose value is not in the file.
    pub fn lost(&self) -> Option<usize> {
        match self {
            Self::Lost { column, .. } => Some(*column),
            _ => None,
        }
    }
}

/// Puts a remark's note into words; `None` for a note of another origin.
pub fn words(kind: &ImportDeclaration, note: &Note) -> Option<String> {
    let value = || super::words::quote(note.get("value"));
    let column = || super::words::quote(note.get("column"));
    Some(match note.code.as_ref() {
        TOO_MANY_CELLS => {
            let (cells, columns) = (note.get("cells"), note.get("columns"));
            let cause = match note.get("cause") {
                "quotes" => format!(
                    "The quotation marks {} are not straight ones. Replace them with \u{22}.",
                    note.get("marks")
                ),
                _ => "One cell probably contains the separator, such as the comma in \u{201c}Lee, Kim\u{201d}. \
                      Put the whole cell in quotation marks."
                    .to_owned(),
            };
            format!("This row has {cells} cells, but the file has {columns} columns. {cause}")
        }
        CORRECTED if note.get("value").is_empty() => {
            format!("{} was corrected here. The cell in the file is empty.", kind.label(note.get("field")))
        }
        CORRECTED => {
            format!("{} was corrected here. The file has {}.", kind.label(note.get("field")), value())
        }
        TOO_FEW_CELLS => format!(
            "This row has {} cells, but the file has {} columns: check that none is missing.",
            note.get("cells"),
            note.get("columns")
        ),
        SECRET_MAY_HAVE_MOVED => format!(
            "This row has {} cells, but the file has {} columns, so what belongs to {} may stand in another column. None of it was kept. \
             Add the missing cell, or delete the column {} from the file, and choose the file again.",
            note.get("cells"),
            note.get("columns"),
            column(),
            column()
        ),
        TAKEN_APART => format!(
            "The quotation marks {} are not straight ones, so the text between them was taken apart. Replace them with \u{22}.",
            note.get("marks")
        ),
        CELL_WITHOUT_NAME => {
            "A cell in a column without a name was left out. Give the column a name to import it.".to_owned()
        }
        HEADER_AGAIN => "These are the column names again.".to_owned(),
        RULE => "This row is a line, not a record.".to_owned(),
        FOOTER if note.get("value").is_empty() => {
            format!("This row is a total or a note about the list, not a {}.", kind.one)
        }
        FOOTER => format!("{} is not a {}.", value(), kind.one),
        ERROR_CELLS => "This row has only error values, such as #REF!.".to_owned(),
        HIDDEN_ROW => "This row is hidden in the workbook.".to_owned(),
        MERGED_CELL => format!("{} was filled in from a merged cell.", column()),
        MERGED_DOWN => {
            format!(
                "{} is merged with the cell above, and stays empty until you say that it gets its value.",
                column()
            )
        }
        MERGED_ACROSS => format!(
            "{} is covered by a merged cell, so its value is not known. Unmerge the cell, enter both values and choose the file again.",
            column()
        ),
        MERGED_TITLE => format!("This row is a title over several columns, not a {}.", kind.one),
        SHOWN_ROUNDED => format!(
            "{} is read as {}, as the workbook shows it. The cell contains {}.",
            column(),
            value(),
            note.get("number")
        ),
        AGENT_UNKNOWN => super::export::words(note),
        NO_VALUE => format!(
            "{} is a formula, and the workbook doesn\u{2019}t have its value. Open the workbook, save it and choose it again.",
            column()
        ),
        _ => return None,
    })
}
