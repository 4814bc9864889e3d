//! Why something could not be done with an import: codes with parameters, and their sentences.

use thiserror::Error;

use super::fault::TableFault;

/// Why an import did not go on. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportProblem {
    /// The file cannot be read as a table.
    #[error("{0}")]
    Unreadable(#[from] TableFault),
    /// It was imported before.
    #[error("This file has already been imported. See its log for the result.")]
    Committed,
    /// It was undone.
    #[error("This import was undone. Choose the file again to import it.")]
    Undone,
    /// It was discarded.
    #[error("This import was discarded. Choose the file again to import it.")]
    Discarded,
    /// It was not imported, so there is nothing to undo.
    #[error("This file has not been imported. There is nothing to undo.")]
    NotImported,
    /// What an undo needs is gone.
    #[error(
        "This file was imported more than 30 days ago, so it can no longer be undone. Correct the records, or import a corrected file."
    )]
    TooOld,
    /// Something was built on it.
    #[error("{}", in_use(.names, *.more))]
    InUse {
        /// The first people whom it concerns.
        names: Vec<String>,
        /// How many more there are.
        more: usize,
    },
    /// The columns that were chosen are not those of the file.
    #[error("These are not the columns of this file. Reload the page and choose again.")]
    ColumnsDiffer,
}

impl ImportProblem {
    /// A stable word for tests and automation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(fault) => fault.code(),
            Self::Committed => "import_committed",
            Self::Undone => "import_undone",
            Self::Discarded => "import_discarded",
            Self::NotImported => "not_imported",
            Self::TooOld => "import_too_old",
            Self::InUse { .. } => "import_in_use",
            Self::ColumnsDiffer => "columns_differ",
        }
    }
}

fn in_use(names: &[String], more: usize) -> String {
    let others = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "This import can\u{2019}t be undone, because it has been built on since: there is an account, an invitation or a later change for {}{others}. \
         Undo those first, or import a file with the right values.",
        names.join(", ")
    )
}
