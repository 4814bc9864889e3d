//! Why an action on an import is not possible: codes with parameters, and their sentences.

use std::collections::BTreeSet;

use thiserror::Error;

use super::fault::TableFault;

/// Why an action on an import is not possible. Nothing was changed.
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
    /// The undo data has been deleted.
    #[error(
        "This file was imported more than 30 days ago, so it can no longer be undone. Correct the records, or import a corrected file."
    )]
    TooOld,
    /// Later changes depend on it.
    #[error("{}", in_use(.people, *.more))]
    InUse {
        /// The first people concerned.
        people: Vec<InUsePerson>,
        /// How many more people.
        more: usize,
    },
    /// The chosen columns are not those of the file.
    #[error("These are not the columns of this file. Reload the page and choose again.")]
    ColumnsDiffer,
}

impl ImportProblem {
    /// A stable code for tests and automation.
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

/// A person added or changed by an import, whose records have been used since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUsePerson {
    /// Their name.
    pub name: String,
    /// What was added since.
    pub by: BTreeSet<BuiltOn>,
}

/// What can depend on an imported person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BuiltOn {
    /// An account, or a username that belongs to them.
    Account,
    /// A message to an address from the import.
    Message,
    /// A role.
    Role,
    /// A group they are or were in.
    Group,
    /// A contact: an adult of theirs, or a child.
    Contact,
    /// A grant: a child they may see, or an adult who may see them.
    Grant,
    /// A restriction on a child, or about an adult.
    Restriction,
    /// A later change.
    Change,
}

impl BuiltOn {
    const ALL: [Self; 8] = [
        Self::Account,
        Self::Message,
        Self::Role,
        Self::Group,
        Self::Contact,
        Self::Grant,
        Self::Restriction,
        Self::Change,
    ];

    fn slug(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Message => "message",
            Self::Role => "role",
            Self::Group => "group",
            Self::Contact => "contact",
            Self::Grant => "grant",
            Self::Restriction => "restriction",
            Self::Change => "change",
        }
    }

    /// Reads the name used in SQL.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|built| built.slug() == slug)
    }

    /// The text as part of a sentence.
    fn label(self) -> &'static str {
        match self {
            Self::Account => "an account",
            Self::Message => "a message",
            Self::Role => "a role",
            Self::Group => "a group",
            Self::Contact => "a contact",
            Self::Grant => "access granted",
            Self::Restriction => "a restriction",
            Self::Change => "a later change",
        }
    }
}

/// "Emmy Noether (an account, a group), Alan Turing (a later change) and 2 more".
fn in_use(people: &[InUsePerson], more: usize) -> String {
    let others = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let people = people.iter().map(|InUsePerson { name, by }| {
        let by: Vec<&str> = by.iter().map(|built| built.label()).collect();
        format!("{name} ({})", by.join(", "))
    });
    format!(
        "This import can\u{2019}t be undone because its records have been used: {}{others}. \
         Remove these first, or import a corrected file.",
        people.collect::<Vec<_>>().join(", ")
    )
}
