//! Why a file cannot be read as a table: codes with parameters, and their sentences.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::encoding::TextEncoding;

/// Why a file was refused. None of it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum TableFault {
    /// No bytes, or only empty rows.
    Empty,
    /// No row has column names.
    NoHeader,
    /// The row that should have the column names is empty, or the file has no such row.
    NoSuchHeader {
        /// The row.
        row: u32,
    },
    /// The workbook has no sheet with the name that was asked for.
    NoSuchSheet {
        /// The name.
        name: String,
        /// The sheets it has.
        sheets: Vec<String>,
    },
    /// A sheet was asked for, but the file has none.
    NoSheets,
    /// The text is not in the encoding that was asked for.
    OtherEncoding {
        /// The encoding.
        encoding: TextEncoding,
        /// The first row that cannot be read.
        row: u32,
    },
    /// A header without rows.
    NoRows,
    /// The file is too large.
    TooLarge {
        /// The limit, in MiB.
        limit: usize,
    },
    /// Too many rows.
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// Too many columns.
    TooManyColumns {
        /// The row.
        row: u32,
        /// The limit.
        limit: usize,
    },
    /// A cell with too many characters.
    CellTooLong {
        /// The row.
        row: u32,
        /// The limit.
        limit: usize,
    },
    /// A quotation mark that is not closed where its cell ends, so that it would take in the following rows.
    OpenQuote {
        /// The row in which it opens.
        row: u32,
    },
    /// So many rows have more cells than the header that the cells of the others may stand in wrong columns too.
    Shifted {
        /// The number of such rows.
        rows: u32,
        /// The number of all rows.
        of: u32,
    },
    /// A workbook with macros.
    Macros,
    /// Protected by a password.
    Encrypted,
    /// A workbook from before Excel 2007.
    OldExcel,
    /// A binary Excel workbook, or a spreadsheet of another program.
    OtherSpreadsheet,
    /// A web page, or another format that spreadsheet programs save under the name of a workbook.
    SavedAs {
        /// What it is, with an article.
        is: String,
    },
    /// A web page without a table: often the sign-in page of the system that should have sent the list.
    WebPage,
    /// A file that only points to a list on the internet.
    Link {
        /// What it is, with an article.
        is: String,
    },
    /// A PDF, picture, text document or program.
    NotATable {
        /// What it is, with an article.
        is: String,
    },
    /// The file name's extension does not match the content.
    WrongEnding {
        /// The extension.
        ending: String,
        /// What the content is, with an article.
        is: String,
    },
    /// Unpacks to too many bytes or parts.
    Inflates,
    /// Contains a document type declaration, which spreadsheets never do.
    DocumentType,
    /// Damaged.
    Damaged,
    /// A row with column names was asked for, but the format has them in the first row of each file.
    FixedHeader,
    /// A problem in a file of an export.
    InFile {
        /// Its name.
        file: String,
        /// The problem.
        problem: Box<TableFault>,
    },
    /// Text in two encodings.
    MixedLetters {
        /// The first row that cannot be read.
        row: u32,
    },
    /// A zip file that is not a OneRoster export.
    NotOneRoster,
    /// A file that the manifest of a OneRoster export names, and that is not there.
    MissingFile {
        /// Its name.
        file: String,
    },
    /// A file of a OneRoster export without a column that it must have.
    MissingColumn {
        /// The column, as the standard writes it.
        column: String,
    },
    /// A OneRoster export of several schools that does not include this one.
    OtherSchools {
        /// The names of its schools.
        schools: Vec<String>,
    },
    /// Reading it takes more memory or time than a list needs.
    TooDemanding,
}

impl TableFault {
    /// The same problem, in a file of an export.
    #[must_use]
    pub fn in_file(self, file: &str) -> Self {
        Self::InFile { file: file.to_owned(), problem: Box::new(self) }
    }

    /// A stable code for tests and automation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::NoHeader => "file_without_header",
            Self::NoSuchHeader { .. } => "file_without_this_header",
            Self::NoSuchSheet { .. } => "file_without_this_sheet",
            Self::NoSheets => "file_without_sheets",
            Self::OtherEncoding { .. } => "file_other_encoding",
            Self::SavedAs { .. } => "file_saved_as",
            Self::WebPage => "file_web_page",
            Self::Link { .. } => "file_link",
            Self::NoRows => "file_without_rows",
            Self::TooLarge { .. } => "file_too_large",
            Self::TooManyRows { .. } => "file_too_many_rows",
            Self::TooManyColumns { .. } => "file_too_many_columns",
            Self::CellTooLong { .. } => "file_cell_too_long",
            Self::OpenQuote { .. } => "file_open_quote",
            Self::Shifted { .. } => "file_shifted",
            Self::Macros => "file_with_macros",
            Self::Encrypted => "file_encrypted",
            Self::OldExcel => "file_old_excel",
            Self::OtherSpreadsheet => "file_other_spreadsheet",
            Self::NotATable { .. } => "file_not_a_table",
            Self::WrongEnding { .. } => "file_wrong_ending",
            Self::Inflates => "file_inflates",
            Self::DocumentType => "file_document_type",
            Self::Damaged => "file_damaged",
            Self::FixedHeader => "file_fixed_header",
            Self::InFile { problem, .. } => problem.code(),
            Self::MixedLetters { .. } => "file_mixed_letters",
            Self::NotOneRoster => "file_not_oneroster",
            Self::MissingFile { .. } => "file_missing_in_export",
            Self::MissingColumn { .. } => "file_without_column",
            Self::OtherSchools { .. } => "file_other_schools",
            Self::TooDemanding => "file_too_demanding",
        }
    }
}

/// What is wrong, and what to do.
impl fmt::Display for TableFault {
    #[expect(clippy::too_many_lines, reason = "a sentence for each fault")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The file is empty. Export it again and check that it has rows."),
            Self::NoHeader => f.write_str(
                "No row with column names was found. If there is one, say which row it is. Otherwise add one above the list.",
            ),
            Self::NoSuchHeader { row } => {
                write!(f, "Row {row} is empty, so it has no column names. Give the number of the row that has them.")
            }
            Self::NoSuchSheet { name, sheets } => write!(
                f,
                "The workbook has no sheet \u{201c}{name}\u{201d}. Its sheets are {}.",
                sheets.iter().map(|name| format!("\u{201c}{name}\u{201d}")).collect::<Vec<_>>().join(", ")
            ),
            Self::NoSheets => f.write_str("A sheet was named, but this file isn\u{2019}t a workbook. Leave the sheet out."),
            Self::OtherEncoding { encoding, row } => write!(
                f,
                "The file isn\u{2019}t in {}: row {row} can\u{2019}t be read. Choose another encoding.",
                encoding.label()
            ),
            Self::SavedAs { is } => write!(
                f,
                "This is {is}, even if its name looks like that of a workbook. Open it in a spreadsheet program and save it as an Excel workbook (.xlsx)."
            ),
            Self::WebPage => f.write_str(
                "This is a web page without a table, perhaps the sign-in page of your system. Sign in there and export the list again.",
            ),
            Self::Link { is } => write!(
                f,
                "This is {is}, not the list itself. Open it and download the list as an Excel workbook (.xlsx) or CSV."
            ),
            Self::NoRows => f.write_str(
                "There are column names but no rows below them. Export the file or copy the cells again.",
            ),
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
                "A quotation mark in row {row} isn\u{2019}t closed where its cell ends, so the rows after it can\u{2019}t be read. Close it or remove it. Inside a cell, write a quotation mark twice (\"\")."
            ),
            Self::Shifted { rows, of } => write!(
                f,
                "{rows} of {of} rows have more cells than there are column names, so cells of other rows may stand in wrong columns too. Export the list again with quotation marks around cells that contain the separator, or as Excel."
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
            Self::FixedHeader => f.write_str(
                "A OneRoster export has its column names in the first row of each file. Leave out the row with the column names.",
            ),
            Self::InFile { file, problem } => write!(f, "{file}: {problem}"),
            Self::MixedLetters { row } => write!(
                f,
                "From row {row}, some letters are in a different encoding. Open the file and save it as CSV UTF-8, or choose its encoding."
            ),
            Self::NotOneRoster => f.write_str(
                "This zip isn\u{2019}t a OneRoster export: it has no users.csv. Unpack it and choose one CSV or Excel file. Of School Data Sync v1, guardianrelationship.csv has the links and user.csv the adults.",
            ),
            Self::MissingFile { file } => write!(
                f,
                "manifest.csv says that the export has {file}, but it hasn\u{2019}t. Export it again with all its files."
            ),
            Self::MissingColumn { column } => write!(
                f,
                "The column {column} is missing. The names of columns must be those of the OneRoster standard. Export it again."
            ),
            Self::OtherSchools { schools } => write!(
                f,
                "This OneRoster export covers several schools ({}), and none of them has this school\u{2019}s code or name. Export this school only, or correct its code.",
                some_of(schools)
            ),
            Self::TooDemanding => f.write_str(
                "Reading this file takes far more memory or time than a list needs. Open it and save it as CSV.",
            ),
        }
    }
}

impl std::error::Error for TableFault {}

/// The first names of a list, and how many more there are.
fn some_of(names: &[String]) -> String {
    const NAMED: usize = 5;
    let first = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
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
