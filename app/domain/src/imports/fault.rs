//! Why a file cannot be read as a table: codes with parameters, and their sentences.

use std::fmt;

use serde::{Deserialize, Serialize};

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
    /// Larger than a file may be.
    TooLarge {
        /// How large it may be, in MiB.
        limit: usize,
    },
    /// More rows than a file may have.
    TooManyRows {
        /// How many it may have.
        limit: usize,
    },
    /// More columns than a file may have.
    TooManyColumns {
        /// The row.
        row: u32,
        /// How many it may have.
        limit: usize,
    },
    /// More characters than a cell may have.
    CellTooLong {
        /// The row.
        row: u32,
        /// How many it may have.
        limit: usize,
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
    /// Inflates to more bytes, or has more parts, than a file may have.
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
    /// Asked for more memory or time than a list needs.
    TooDemanding,
}

impl TableFault {
    /// A stable word for tests and automation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::NoHeader => "file_without_header",
            Self::NoRows => "file_without_rows",
            Self::TooLarge { .. } => "file_too_large",
            Self::TooManyRows { .. } => "file_too_many_rows",
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
}

/// What is wrong and what to do.
impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The file is empty. Export it again and check that it has rows."),
            Self::NoHeader => f.write_str(
                "The first row has values instead of column names. Add a row of column names above it.",
            ),
            Self::NoRows => f.write_str("The file has column names but no rows. Export it again."),
            Self::TooLarge { limit } => write!(
                f,
                "The file is larger than {limit} MB. Remove columns and sheets that you don\u{2019}t need, or split it."
            ),
            Self::TooManyRows { limit } => {
                write!(f, "The file has more than {} rows. Split it into several files.", thousands(*limit))
            }
            Self::TooManyColumns { row, limit } => {
                write!(f, "Row {row} has more than {limit} columns. Remove columns that you don\u{2019}t need.")
            }
            Self::CellTooLong { row, limit } => write!(
                f,
                "Row {row} has a cell with more than {} characters. Look for a quotation mark that isn\u{2019}t closed, or remove the column.",
                thousands(*limit)
            ),
            Self::OpenQuote { row } => write!(
                f,
                "A quotation mark in row {row} isn\u{2019}t closed, so the rows after it can\u{2019}t be read. Close it or remove it."
            ),
            Self::Macros => f.write_str(
                "The workbook contains macros, which can\u{2019}t be imported. Save it as an Excel workbook (.xlsx) or CSV.",
            ),
            Self::Encrypted => {
                f.write_str("The file is protected by a password. Save it without one, then choose it again.")
            }
            Self::OldExcel => f.write_str(
                "This is an old Excel file (.xls). Open it and save it as an Excel workbook (.xlsx) or CSV.",
            ),
            Self::OtherSpreadsheet => f.write_str(
                "This kind of spreadsheet can\u{2019}t be read. Open it and save it as an Excel workbook (.xlsx) or CSV.",
            ),
            Self::NotATable { is } => write!(
                f,
                "This is {is}, not a table. Choose a CSV file, an Excel file (.xlsx) or a OneRoster zip."
            ),
            Self::WrongEnding { ending, is } => write!(
                f,
                "The file name ends in .{ending}, but the file is {is}. Export it again or correct the ending."
            ),
            Self::Inflates => {
                f.write_str("The file unpacks to far more than a list needs. Open it and save it as CSV.")
            }
            Self::DocumentType => f.write_str(
                "The workbook contains a document type, which spreadsheets never do. Open it and save it again as an Excel workbook or CSV.",
            ),
            Self::Damaged => f.write_str("The file is damaged and can\u{2019}t be read. Export it again."),
            Self::MixedLetters { row } => write!(
                f,
                "From row {row}, some letters are in a different encoding. Open the file and save it as CSV UTF-8."
            ),
            Self::NotOneRoster => f.write_str(
                "This zip isn\u{2019}t a OneRoster export: it has no users.csv. Unpack it and choose the CSV or Excel file inside.",
            ),
            Self::OtherSchools => f.write_str(
                "This OneRoster export covers several schools, and none has this school\u{2019}s code or name. Export this school only.",
            ),
            Self::TooDemanding => f.write_str(
                "Reading this file takes far more memory or time than a list needs. Open it and save it as CSV.",
            ),
        }
    }
}

impl std::error::Error for TableFault {}

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
