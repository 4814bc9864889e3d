//! What can go wrong with a use case. Pages and commands put it into words; nothing here holds a raw database message
//! that could reach one.

use domain::authorization::policy::Refusal;
use domain::fields::FieldErrors;
use domain::lists::page::CursorError;
use thiserror::Error;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not happen. Nothing was changed.
#[derive(Debug, Error)]
pub enum Error {
    /// The policy said no.
    #[error("not allowed")]
    Refused(Refusal),
    /// It is not there, or belongs to someone else: the same answer for both. Names the kind of thing.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Fields of a form are wrong.
    #[error("{} field(s) are invalid", .0.0.len())]
    Invalid(FieldErrors),
    /// It does not fit what is there now. The sentence says what to do.
    #[error("{message}")]
    Conflict {
        /// A stable word for tests and automation.
        code: &'static str,
        /// For the person who asked.
        message: String,
    },
    /// It does not go on with an import. The problem knows its words.
    #[error("{0}")]
    Import(domain::imports::problem::ImportProblem),
    /// It is more than one person may do in a while. The sentence says what to do.
    #[error("{0}")]
    Limited(String),
    /// The database is away or its disk is full: later it will work.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A mistake of ours.
    #[error("unexpected: {0}")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A conflict with its stable word and its sentence.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }

    /// A mistake of ours, wrapped.
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
            // Classes of SQLSTATE: 08 connection exception, 53 insufficient resources (53100 is a full disk),
            // 57P admin shutdown and crash, 58 system error.
            sqlx::Error::Database(db) => db
                .code()
                .is_some_and(|code| ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class))),
            _ => false,
        };
        // 22021: a character that PostgreSQL cannot store. Pages send none, so a request with one finds nothing.
        let unheard_of = matches!(&error, sqlx::Error::Database(db) if db.code().as_deref() == Some("22021"));
        match (away, unheard_of) {
            (true, _) => Self::Unavailable(error),
            (_, true) => Self::NotFound("text"),
            _ => Self::unexpected(error),
        }
    }
}

/// Whether the database has no room left on its disk (SQLSTATE 53100). It continues by itself once there is some.
pub fn is_disk_full(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(db) if db.code().as_deref() == Some("53100"))
}

/// Whether a database error is the breach of the named constraint.
pub fn breaks_constraint(error: &sqlx::Error, constraint: &str) -> bool {
    error.as_database_error().and_then(|db| db.constraint()) == Some(constraint)
}
