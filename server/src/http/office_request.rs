//! What the handlers of office pages without WebAssembly share.

use std::sync::Arc;

use app::features::office::me::{Me, NO_SCHOOL, SCHOOL_COOKIE};
use app::features::office::page::OfficePage;
use app::guard::{THEME_COOKIE, cookie_of};
use app::ui::theme::Theme;
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::sessions::session::SignedIn;
use backend::{Backend, Error};
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fields::FieldErrors;

use super::problem::PageError;
use super::session::to_sign_in;
use super::setup::SCHOOL;

/// The signed-in person and the page's frame, as a handler argument.
pub(super) struct OfficeRequest {
    /// The signed-in person.
    pub(super) who: Arc<SignedIn>,
    /// The frame.
    pub(super) page: OfficePage,
}

impl FromRequestParts<Backend> for OfficeRequest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, backend: &Backend) -> Result<Self, Response> {
        let Some(who) = parts.extensions.get::<Arc<SignedIn>>().cloned() else {
            return Err(to_sign_in(parts));
        };
        let wanted = cookie_of(&parts.headers, SCHOOL_COOKIE);
        let theme = cookie_of(&parts.headers, THEME_COOKIE).as_deref().and_then(Theme::from_slug);
        let me = Me::of(backend, &who, wanted.as_deref()).await.map_err(|error| {
            let everywhere = Resource::Organisation(who.actor.organisation);
            let sets_up = decide(&who.actor, Permission::ManageSettings, everywhere).is_ok();
            if error.code == NO_SCHOOL && sets_up && parts.method == Method::GET {
                return Redirect::to(SCHOOL).into_response();
            }
            PageError::from(error).into_response()
        })?;
        let path = parts.uri.path().to_owned();
        Ok(Self { who, page: OfficePage { me, theme, path, done: None } })
    }
}

/// Returns the errors to show in a form: of its fields, or of the whole form. Any other error is returned as
/// it is.
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
