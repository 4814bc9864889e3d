//! Why a file cannot be read as a table.

use serde::{Deserialize, Serialize};

use super::limits;

/// Why a file was refused. Nothing of it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum TableFault {
    /// No bytes, or no row with anything in it.
    Empty,
    /// The first row holds values.
    NoHeader,
    /// A header and nothing under it.
    NoRows,
    /// Over [`limits::FILE`] bytes.
    TooLarge,
    /// Over [`limits::ROWS`].
    TooManyRows,
    /// Over [`limits::COLUMNS`].
    TooManyColumns {
        /// The row.
        row: u32,
    },
    /// Over [`limits::CELL`].
    CellTooLong {
        /// The row.
        row: u32,
    },
    /// A quotation mark that is never closed swallows rows.
    OpenQuote {
        /// The row that it begins in.
        row: u32,
    },
    /// A workbook with macros.
    Macros,
    /// Needs a password.
    Encrypted,
    /// Excel before 2007.
    OldExcel,
    /// Excel's binary workbook, or a spreadsheet of another program.
    OtherSpreadsheet,
    /// A PDF, a picture, a text document, a web page, a program: the word is for the sentence.
    NotATable {
        /// What it is, with its article.
        is: String,
    },
    /// The name says one thing and the content another.
    WrongEnding {
        /// The ending of the name.
        ending: String,
        /// What is inside, with its article.
        is: String,
    },
    /// Inflates to more than [`limits::INFLATED`] bytes, or has more than [`limits::ENTRIES`] parts.
    Inflates,
    /// Holds a document type declaration, which spreadsheets never do.
    DocumentType,
    /// Broken inside.
    Damaged,
    /// Letters in two encodings.
    MixedLetters {
        /// The row of the first that cannot be read.
        row: u32,
    },
    /// A zip that is no OneRoster export.
    NotOneRoster,
    /// A OneRoster export of several schools, none of which is this one.
    OtherSchools,
    /// Asked for more memory or time than a list of students needs.
    TooDemanding,
}

impl TableFault {
    /// A stable word for tests and automation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::NoHeader => "file_without_header",
            Self::NoRows => "file_without_rows",
            Self::TooLarge => "file_too_large",
            Self::TooManyRows => "file_too_many_rows",
            Self::TooManyColumns { .. } => "file_too_many_columns",
            Self::CellTooLong { .. } => "file_cell_too_long",
            Self::OpenQuote { .. } => "file_open_quote",
            Self::Macros => "file_with_macros",
            Self::Encrypted => "file_encrypted",
            Self::OldExcel => "file_old_excel",
            Self::OtherSpreadsheet => "file_other_spreadsheet",
            Self::NotATable { .. } => "file_not_a_table",
            Self::WrongEnding { .. } => "file_wrong_ending",
            Self::Inflates => "file_inflates",
            Self::DocumentType => "file_document_type",
            Self::Damaged => "file_damaged",
            Self::MixedLetters { .. } => "file_mixed_letters",
            Self::NotOneRoster => "file_not_oneroster",
            Self::OtherSchools => "file_other_schools",
            Self::TooDemanding => "file_too_demanding",
        }
    }

    /// A sentence that says what to do.
    pub fn message(&self) -> String {
        match self {
            Self::Empty => "The file is empty. Export it again, and check that it holds rows.".to_owned(),
            Self::NoHeader => {
                "The first row holds values and no column names. Add a row of names, such as Admission number, Given name, Family name, above it.".to_owned()
            }
            Self::NoRows => "The file has column names and no rows under them. Export it again with the students.".to_owned(),
            Self::TooLarge => format!(
                "The file is larger than {} MB. Take out columns and sheets that are not needed, or split it.",
                limits::FILE / 1024 / 1024
            ),
            Self::TooManyRows => {
                format!("The file has more than {} rows. Split it into several files.", thousands(limits::ROWS))
            }
            Self::TooManyColumns { row } => format!(
                "Row {row} has a cell beyond column {}. Take out columns that are not needed.",
                limits::COLUMNS
            ),
            Self::CellTooLong { row } => format!(
                "Row {row} has a cell of more than {} characters. Look for a quotation mark that is not closed, or take the column out.",
                thousands(limits::CELL)
            ),
            Self::OpenQuote { row } => format!(
                "A quotation mark in row {row} is not closed, so that the rows after it cannot be told apart. Close it, or take it out."
            ),
            Self::Macros => "The workbook holds macros, and those are not taken. Save it as Excel workbook (.xlsx) or CSV.".to_owned(),
            Self::Encrypted => "The file is protected by a password. Save it without one, then choose it again.".to_owned(),
            Self::OldExcel => {
                "This is a workbook of Excel before 2007 (.xls). Open it and save it as Excel workbook (.xlsx) or CSV.".to_owned()
            }
            Self::OtherSpreadsheet => {
                "This kind of spreadsheet cannot be read. Open it and save it as Excel workbook (.xlsx) or CSV.".to_owned()
            }
            Self::NotATable { is } => {
                format!("This is {is}, not a table. Choose a CSV or Excel (.xlsx) file, or a OneRoster zip.")
            }
            Self::WrongEnding { ending, is } => format!(
                "The name of the file ends in .{ending}, but inside it is {is}. Export it again, or correct the ending."
            ),
            Self::Inflates => {
                "The file unpacks to far more than a list of students. Open it and save it as CSV.".to_owned()
            }
            Self::DocumentType => {
                "The workbook holds a part that spreadsheets do not have (a document type). Open it and save it again as Excel workbook or CSV.".to_owned()
            }
            Self::Damaged => "The file is damaged and cannot be read. Export it again.".to_owned(),
            Self::MixedLetters { row } => format!(
                "Some letters from row {row} on are written in another encoding than the rest. Open the file and save it as CSV UTF-8."
            ),
            Self::NotOneRoster => {
                "This zip is no OneRoster export: it has no users.csv. Unpack it and choose the CSV or Excel file inside.".to_owned()
            }
            Self::OtherSchools => {
                "This OneRoster export is of several schools, and none has the code or the name of this one. Export this school alone.".to_owned()
            }
            Self::TooDemanding => {
                "Reading this file takes far more memory or time than a list of students. Open it and save it as CSV.".to_owned()
            }
        }
    }
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl From<TableFault> for crate::Error {
    fn from(fault: TableFault) -> Self {
        Self::conflict(fault.code(), fault.message())
    }
}
