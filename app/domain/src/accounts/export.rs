//! Lists of accounts as files.

use serde::{Deserialize, Serialize};

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Text with commas, for anything that reads tables.
    Csv,
    /// A workbook, for Excel and its kin.
    Xlsx,
}

impl ExportFormat {
    /// The word in forms and the audit log, and the ending of the file's name.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// What the content is called on the wire (IANA media types).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}
