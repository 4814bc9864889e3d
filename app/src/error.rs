//! The one error that crosses the wire to the office: a stable code, a sentence, the fields; nothing internal.

use domain::fields::FieldErrors;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::wire::JsonText;

/// Why something did not happen, in words for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// What kind of thing went wrong: decides the page and the status.
    pub kind: ErrorKind,
    /// A stable word, for tests and for code that reacts.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
    /// Complaints about fields of a form.
    pub fields: FieldErrors,
}

/// Kinds of error, each with its HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// 401: nobody is signed in, or no longer.
    SignedOut,
    /// 403: the role does not reach so far.
    Refused,
    /// 428: a step-up is required.
    StepUpRequired,
    /// 404.
    NotFound,
    /// 422: fields are wrong.
    Invalid,
    /// 409: it no longer fits what is there.
    Conflict,
    /// 429: it is more than one person may do in a while.
    Limited,
    /// 503: the database is away; later it will work.
    Unavailable,
    /// The browser could not reach the server.
    Offline,
    /// 500: a mistake of ours.
    Unexpected,
}

impl ErrorKind {
    /// The head of the notice or the page that says so.
    pub fn title(self) -> &'static str {
        match self {
            Self::SignedOut => "You are signed out",
            Self::Refused => "Not allowed",
            Self::StepUpRequired => "Confirm it\u{2019}s you",
            Self::NotFound => "Not found",
            Self::Invalid => "There is a problem",
            Self::Conflict => "Something has changed",
            Self::Limited => "Over a limit",
            Self::Unavailable => "Please try again in a minute",
            Self::Offline => "No connection",
            Self::Unexpected => "Something went wrong",
        }
    }

    /// The HTTP status that goes with it.
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
    /// An error without fields.
    pub fn new(kind: ErrorKind, code: &str, message: impl Into<String>) -> Self {
        Self { kind, code: code.to_owned(), message: message.into(), fields: FieldErrors::default() }
    }

    /// The session ended, or there is none.
    pub fn signed_out() -> Self {
        Self::new(ErrorKind::SignedOut, "signed_out", "You have been signed out. Sign in and try again.")
    }

    /// The last proof in this session is too long ago.
    pub fn step_up_required() -> Self {
        Self::new(
            ErrorKind::StepUpRequired,
            "step_up_required",
            "Nothing was changed. Try again and confirm it\u{2019}s you.",
        )
    }

    /// The role does not reach so far.
    pub fn refused() -> Self {
        Self::new(
            ErrorKind::Refused,
            "refused",
            "You don\u{2019}t have permission to do this. Ask an administrator of your school.",
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
            | ServerFnErrorErr::Deserialization(_) => Self::new(
                ErrorKind::Invalid,
                "outdated_page",
                "This page is out of date. Reload it and try again.",
            ),
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
        match error {
            E::Refused(domain::authorization::policy::Refusal::OtherOrganisation) | E::NotFound(_) => {
                Self::new(
                    ErrorKind::NotFound,
                    "not_found",
                    "This could not be found. It may have been removed, or the web address may be wrong.",
                )
            }
            E::Refused(domain::authorization::policy::Refusal::Outranked) => Self::new(
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
