//! What the handlers of office pages without WebAssembly share.

use std::sync::Arc;

use app::features::office::desk::DeskPage;
use app::features::office::me::{Me, SCHOOL_COOKIE};
use app::guard::cookie_of;
use app::ui::family::Theme;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use backend::sessions::session::SignedIn;
use backend::{Backend, Error};
use domain::fields::FieldErrors;

use super::family::{Family, problem};
use super::office::refused;
use super::session::to_sign_in;

/// The signed-in person, and the frame of the page, as an argument of a handler.
pub(super) struct AtDesk {
    /// The signed-in person.
    pub(super) who: Arc<SignedIn>,
    /// The frame.
    pub(super) page: DeskPage,
    /// For the page that says what did not happen.
    pub(super) family: Family,
}

impl FromRequestParts<Backend> for AtDesk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, backend: &Backend) -> Result<Self, Response> {
        let Some(who) = parts.extensions.get::<Arc<SignedIn>>().cloned() else {
            return Err(to_sign_in(parts));
        };
        let family = Family::from_request_parts(parts, backend).await?;
        let wanted = cookie_of(&parts.headers, SCHOOL_COOKIE);
        let theme = cookie_of(&parts.headers, "greencap-theme").as_deref().and_then(Theme::from_slug);
        match Me::of(backend, &who, wanted.as_deref()).await {
            Ok(me) => {
                let path = parts.uri.path().to_owned();
                Ok(Self { who, page: DeskPage { me, theme, path, done: None }, family })
            }
            Err(error) => Err(refused(family.0, error, "/", "Start")),
        }
    }
}

impl AtDesk {
    /// The answer to what did not happen, where the form cannot be shown again.
    pub(super) fn problem(self, error: Error) -> Response {
        match error {
            error @ (Error::Conflict { .. } | Error::Limited(_) | Error::Invalid(_)) => {
                refused(self.family.0, error, "/", "Start")
            }
            error => problem(self.family.0, error),
        }
    }
}

/// What a form is told: its fields' complaints, or why nothing happened; everything else is no matter of the form.
pub(super) fn told(error: Error) -> Result<(FieldErrors, Option<String>), Error> {
    match error {
        Error::Invalid(fields) => Ok((fields, None)),
        Error::Conflict { message, .. } => Ok((FieldErrors::default(), Some(message))),
        Error::Refused(refusal @ domain::authorization::policy::Refusal::Outranked) => {
            Ok((FieldErrors::default(), Some(app::error::AppError::from(Error::Refused(refusal)).message)))
        }
        other => Err(other),
    }
}
