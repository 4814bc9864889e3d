//! How commands end.

use std::process::ExitCode;

use backend::db::words;
use backend::error::is_disk_full;
use thiserror::Error;

/// The exit statuses that scripts can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: done.
    Done,
    /// 1: failed, nothing changed.
    Failed,
    /// 2: wrong use; clap uses it too.
    WrongUse,
    /// 3: done, with rejected rows.
    DoneWithRejected,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Done => 0,
            ExitStatus::Failed => 1,
            ExitStatus::WrongUse => 2,
            ExitStatus::DoneWithRejected => 3,
        })
    }
}

/// Why a command failed: one sentence that says what to do, for standard error.
#[derive(Debug, Error)]
pub enum Failure {
    /// The arguments contradict each other or name nothing that exists.
    #[error("{0}")]
    WrongUse(String),
    /// It failed and changed nothing.
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    /// The exit status.
    pub fn status(&self) -> ExitStatus {
        match self {
            Self::WrongUse(_) => ExitStatus::WrongUse,
            Self::Failed(_) => ExitStatus::Failed,
        }
    }
}

impl From<backend::Error> for Failure {
    fn from(error: backend::Error) -> Self {
        match error {
            backend::Error::Invalid(errors) => Self::WrongUse(
                errors.0.iter().map(|e| format!("{}: {}", e.field, e.message)).collect::<Vec<_>>().join("\n"),
            ),
            backend::Error::NotFound(what) => Self::WrongUse(format!("{what} not found")),
            backend::Error::Unavailable(source) if is_disk_full(&source) => Self::Failed(
                "the database has run out of disk space; nothing was changed. Free some space and try again"
                    .to_owned(),
            ),
            backend::Error::Unavailable(source) => Self::Failed(format!(
                "the database cannot be reached ({}); run `greencap doctor`",
                words::of(&source)
            )),
            // There is no page here.
            other => Self::Failed(other.to_string().replace(" Reload the page.", "")),
        }
    }
}

impl From<crate::backup::BackupError> for Failure {
    fn from(error: crate::backup::BackupError) -> Self {
        use crate::backup::BackupError;
        match error {
            BackupError::Exists(_) | BackupError::NotABackup(_) | BackupError::Newer(_) => {
                Self::WrongUse(error.to_string())
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<backend::config::ConfigError> for Failure {
    fn from(error: backend::config::ConfigError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<crate::embedded::EmbeddedError> for Failure {
    fn from(error: crate::embedded::EmbeddedError) -> Self {
        Self::Failed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_speaks_of_a_page_to_reload() {
        let conflict = backend::Error::conflict("gone", "It is gone. Reload the page.");
        assert_eq!(Failure::from(conflict).to_string(), "It is gone.");
    }
}
