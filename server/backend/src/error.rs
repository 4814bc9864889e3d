//! How a use case can fail. Pages and commands put it into words; no raw database message can reach them.

use domain::authorization::policy::Refusal;
use domain::fields::FieldErrors;
use domain::lists::page::CursorError;
use thiserror::Error;

use crate::db::words;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case failed. Nothing was changed.
#[derive(Debug, Error)]
pub enum Error {
    /// The policy said no.
    #[error("not allowed")]
    Refused(Refusal),
    /// It does not exist, or belongs to someone else; the response is the same for both. Names the kind of
    /// thing.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Fields of a form are invalid.
    #[error("{} field(s) are invalid", .0.0.len())]
    Invalid(FieldErrors),
    /// It conflicts with the current state. The sentence says what to do.
    #[error("{message}")]
    Conflict {
        /// A stable word for tests and automation.
        code: &'static str,
        /// The sentence for the person who asked.
        message: String,
    },
    /// An import cannot continue. The problem has its own sentence.
    #[error("{0}")]
    Import(domain::imports::problem::ImportProblem),
    /// It exceeds what one person may do in a period. The sentence says what to do.
    #[error("{0}")]
    Limited(String),
    /// The database is unavailable or its disk is full; trying later will work.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A bug in Greencap.
    #[error("unexpected: {}", words::of_any(.0.as_ref()))]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Creates a conflict with its stable word and its sentence.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }

    /// Wraps an unexpected error.
    pub fn unexpected(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unexpected(source.into())
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<domain::imports::problem::ImportProblem> for Error {
    fn from(problem: domain::imports::problem::ImportProblem) -> Self {
        Self::Import(problem)
    }
}

impl From<domain::imports::fault::TableFault> for Error {
    fn from(fault: domain::imports::fault::TableFault) -> Self {
        Self::Import(fault.into())
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<CursorError> for Error {
    fn from(_: CursorError) -> Self {
        Self::NotFound("page")
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let away = match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            // SQLSTATE classes: 08 connection exception, 53 insufficient resources (53100 is a full disk),
            // 57P admin shutdown and crash, 58 system error.
            sqlx::Error::Database(db) => db
                .code()
                .is_some_and(|code| ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class))),
            _ => false,
        };
        // 22021: a character that PostgreSQL cannot store; 22008: a day that its calendar does not have. Both are
        // refused where they are typed, so a request with one finds nothing.
        let unheard_of = matches!(&error, sqlx::Error::Database(db)
            if matches!(db.code().as_deref(), Some("22021" | "22008")));
        match (away, unheard_of) {
            (true, _) => Self::Unavailable(error),
            (_, true) => Self::NotFound("text"),
            _ => Self::unexpected(error),
        }
    }
}

/// Whether the database's disk is full (SQLSTATE 53100). It recovers by itself once there is space.
pub fn is_disk_full(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(db) if db.code().as_deref() == Some("53100"))
}

/// Whether a database error is a violation of the named constraint.
pub fn breaks_constraint(error: &sqlx::Error, constraint: &str) -> bool {
    error.as_database_error().and_then(|db| db.constraint()) == Some(constraint)
}
