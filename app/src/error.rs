//! The error type sent to the office: a stable code, a sentence and field errors; nothing internal.

use domain::fields::FieldErrors;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::wire::JsonText;

/// Why something failed, worded for the person who requested it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// The kind of error, which determines the page and the status.
    pub kind: ErrorKind,
    /// A stable code, for tests and for code that handles the error.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
    /// Errors in form fields.
    pub fields: FieldErrors,
}

/// Kinds of error, each with an HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// 401: not signed in, or no longer.
    SignedOut,
    /// 403: no permission.
    Refused,
    /// 428: a step-up is required.
    StepUpRequired,
    /// 404.
    NotFound,
    /// 422: some fields are invalid.
    Invalid,
    /// 409: the data has changed.
    Conflict,
    /// 429: a limit on how much one person may do was reached.
    Limited,
    /// 503: the database is unavailable for now.
    Unavailable,
    /// The browser could not reach the server.
    Offline,
    /// 500: our mistake.
    Unexpected,
}

impl ErrorKind {
    /// The heading of the notice or page that shows the error.
    pub fn title(self) -> &'static str {
        match self {
            Self::SignedOut => "You are signed out",
            Self::Refused => "Not allowed",
            Self::StepUpRequired => "Confirm it\u{2019}s you",
            Self::NotFound => "Not found",
            Self::Invalid => "There is a problem",
            Self::Conflict => "Something has changed",
            Self::Limited => "Limit reached",
            Self::Unavailable => "Please try again in a minute",
            Self::Offline => "No connection",
            Self::Unexpected => "Something went wrong",
        }
    }

    /// The HTTP status.
    #[cfg(feature = "ssr")]
    pub fn status(self) -> axum::http::StatusCode {
        use axum::http::StatusCode;
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Refused => StatusCode::FORBIDDEN,
            Self::StepUpRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Limited => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Offline | Self::Unexpected => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The result of a server function.
pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    /// An error without field errors.
    pub fn new(kind: ErrorKind, code: &str, message: impl Into<String>) -> Self {
        Self { kind, code: code.to_owned(), message: message.into(), fields: FieldErrors::default() }
    }

    /// The session has ended, or there is none.
    pub fn signed_out() -> Self {
        Self::new(ErrorKind::SignedOut, "signed_out", "You have been signed out. Sign in and try again.")
    }

    /// The arguments of a call do not parse: they are those of another version of the page.
    pub fn outdated_page() -> Self {
        Self::new(ErrorKind::Invalid, "outdated_page", "This page is out of date. Reload it and try again.")
    }

    /// The arguments of a call contain NUL, which cannot be stored.
    #[cfg(feature = "ssr")]
    pub fn unusable_character() -> Self {
        Self::new(
            ErrorKind::Invalid,
            "unusable_character",
            "Something you entered contains a character that cannot be used. Remove it and try again.",
        )
    }

    /// The session's last step-up was too long ago.
    pub fn step_up_required() -> Self {
        Self::new(
            ErrorKind::StepUpRequired,
            "step_up_required",
            "Nothing was changed. Try again and confirm it\u{2019}s you.",
        )
    }

    /// The person's roles do not allow it.
    pub fn refused() -> Self {
        Self::new(
            ErrorKind::Refused,
            "refused",
            "You don\u{2019}t have permission to do this. Ask an administrator at your school.",
        )
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::new(
                ErrorKind::Offline,
                "offline",
                "The server could not be reached. Nothing was changed. Check your connection and try again.",
            ),
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::outdated_page(),
            _ => Self::new(
                ErrorKind::Unexpected,
                "unexpected",
                "There is a problem on our side. Nothing was changed. Try again, and contact your administrator if it keeps happening.",
            ),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<backend::Error> for AppError {
    fn from(error: backend::Error) -> Self {
        use backend::Error as E;
        use domain::authorization::policy::Refusal;
        match error {
            // Nobody learns which ids exist where they have no role.
            E::Refused(Refusal::OtherOrganisation | Refusal::OtherSchool | Refusal::OneGroup)
            | E::NotFound(_) => Self::new(
                ErrorKind::NotFound,
                "not_found",
                "This could not be found. It may have been removed, or the web address may be wrong.",
            ),
            E::Refused(Refusal::Outranked) => Self::new(
                ErrorKind::Refused,
                "outranked",
                "You don\u{2019}t have enough permissions to do this. Ask someone with more permissions.",
            ),
            E::Refused(_) => Self::refused(),
            E::Invalid(fields) => {
                let mut error = Self::new(
                    ErrorKind::Invalid,
                    "invalid",
                    "There is a problem. Correct the highlighted fields.",
                );
                error.fields = fields;
                error
            }
            E::Conflict { code, message } => Self::new(ErrorKind::Conflict, code, message),
            E::Import(problem) => Self::new(ErrorKind::Conflict, problem.code(), problem.to_string()),
            E::Limited(message) => Self::new(ErrorKind::Limited, "limited", message),
            E::Unavailable(source) => {
                tracing::warn!(error = %source, "app.unavailable");
                let (code, sentence) = if backend::error::is_disk_full(&source) {
                    (
                        "disk_full",
                        "The database has run out of disk space. Nothing was changed. Contact the person who runs Greencap.",
                    )
                } else {
                    (
                        "unavailable",
                        "The database cannot be reached right now. Nothing was changed. Try again in a minute.",
                    )
                };
                Self::new(ErrorKind::Unavailable, code, sentence)
            }
            E::Unexpected(source) => {
                tracing::error!(error = %source, "app.unexpected");
                Self::new(
                    ErrorKind::Unexpected,
                    "unexpected",
                    "There is a problem on our side. Nothing was changed. Try again, and contact your administrator if it keeps happening.",
                )
            }
        }
    }
}
