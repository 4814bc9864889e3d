//! Every table that refers to a person: what it holds, how to find a person's rows, and what an erasure does to them. A test
//! finds the table, or the column, that is missing here.

mod account;
mod apart;
mod family;
mod person;

use domain::data_rights::held::Fate;

pub(crate) use apart::{APART, NOT_FOUND_BY_PERSON};

/// A table with rows about people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// The table.
    pub(crate) table: &'static str,
    /// What its rows are called on pages.
    pub(crate) heading: &'static str,
    /// The columns that refer to a person or an account. A column whose name ends in `_by` says by its account's id who did
    /// something: it names nobody once that account has no name, and is not listed.
    pub(crate) columns: &'static [&'static str],
    /// Reads the rows about the people `$2` of the organisation `$1` as JSON, without secrets.
    pub(crate) read: &'static str,
    /// Deletes the same rows, if that is what becomes of them.
    pub(crate) delete: Option<&'static str>,
    /// What an erasure does to them.
    pub(crate) fate: Fate,
    /// Whether rows can tell something about other people too.
    pub(crate) mentions_others: bool,
}

/// All of them, in an order in which they can be deleted.
pub(crate) fn held() -> impl Iterator<Item = &'static Held> {
    messages().chain(account::HELD).chain(beside_accounts())
}

/// What was sent to a person: deleted before their account.
pub(super) fn messages() -> impl Iterator<Item = &'static Held> {
    person::MESSAGES.iter()
}

/// What does not hang on an account: deleted after it.
pub(super) fn beside_accounts() -> impl Iterator<Item = &'static Held> {
    family::HELD.iter().chain(person::HELD)
}

/// The tables whose rows hang on an account and are deleted with what it held, each with the statement that deletes them.
pub(crate) fn of_accounts() -> impl Iterator<Item = (&'static str, &'static str)> {
    account::HELD.iter().filter_map(|held| Some((held.table, held.delete?)))
}

/// The rows of a table: which, how they are read without secrets, and what becomes of them.
macro_rules! rows_of {
    ($table:literal, $heading:literal, $columns:expr, $whose:expr, $secrets:literal, $delete:expr, $fate:expr, $others:literal) => {
        $crate::data_rights::catalogue::Held {
            table: $table,
            heading: $heading,
            columns: $columns,
            read: concat!(
                "SELECT to_jsonb(t) - string_to_array('organisation_id,",
                $secrets,
                "', ',') FROM ",
                $table,
                " t WHERE t.organisation_id = $1 AND (",
                $whose,
                ")"
            ),
            delete: $delete,
            fate: $fate,
            mentions_others: $others,
        }
    };
}

/// Rows that an erasure deletes, by a statement of the same shape as the one that reads them.
macro_rules! deleted {
    ($table:literal, $heading:literal, $columns:expr, $whose:literal, $secrets:literal, $others:literal) => {
        $crate::data_rights::catalogue::rows_of!(
            $table,
            $heading,
            $columns,
            $whose,
            $secrets,
            Some(concat!("DELETE FROM ", $table, " t WHERE t.organisation_id = $1 AND (", $whose, ")")),
            domain::data_rights::held::Fate::Deleted,
            $others
        )
    };
}

/// Rows that an erasure deletes: the table, its heading, its columns, which rows, which columns are secrets.
macro_rules! goes {
    ($table:literal, $heading:literal, $columns:expr, $whose:literal, $secrets:literal) => {
        $crate::data_rights::catalogue::deleted!($table, $heading, $columns, $whose, $secrets, false)
    };
}

/// Rows of an account, which an erasure of the account deletes, and so one of its person: the table, its heading, its
/// columns, how they hang on the account `a`, which columns are secrets. The statement that deletes them counts them for
/// each person.
macro_rules! of_account {
    ($table:literal, $heading:literal, $columns:expr, $hangs:literal, $secrets:literal) => {
        $crate::data_rights::catalogue::rows_of!(
            $table,
            $heading,
            $columns,
            concat!(
                "EXISTS (SELECT FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]) AND (",
                $hangs,
                "))"
            ),
            $secrets,
            Some(concat!(
                "WITH gone AS (DELETE FROM ",
                $table,
                " t USING accounts a WHERE t.organisation_id = $1 AND a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]) AND (",
                $hangs,
                ") RETURNING a.person_id) SELECT person_id, count(*) AS rows FROM gone GROUP BY person_id"
            )),
            domain::data_rights::held::Fate::Deleted,
            false
        )
    };
}

/// Rows that an erasure deletes and that can tell something about others.
macro_rules! shared {
    ($table:literal, $heading:literal, $columns:expr, $whose:literal, $secrets:literal) => {
        $crate::data_rights::catalogue::deleted!($table, $heading, $columns, $whose, $secrets, true)
    };
}

/// Rows that an erasure keeps, or empties by a statement of its own.
macro_rules! stays {
    ($table:literal, $heading:literal, $columns:expr, $whose:literal, $secrets:literal, $fate:expr) => {
        $crate::data_rights::catalogue::rows_of!(
            $table, $heading, $columns, $whose, $secrets, None, $fate, false
        )
    };
}

use {deleted, goes, of_account, rows_of, shared, stays};
