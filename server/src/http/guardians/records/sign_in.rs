//! The forms for somebody who signs in: ending sessions, removing what they lost.

use axum::extract::State;
use axum::response::Response;
use backend::Backend;
use backend::factors::remove::remove_of_person;
use backend::sessions::list::end_of_person;
use backend::single_sign_on::own::unlink_person;
use domain::sessions::views::SessionsToEnd;
use serde::Deserialize;

use super::account::{refused, to};
use super::person;
use crate::http::extract::{Form, Path};
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// Which session ends; all of them if none is named.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct SessionForm {
    session: String,
}

/// Signs them out.
pub(super) async fn sign_out(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(SessionForm { session }): Form<SessionForm>,
) -> Result<Response, PageError> {
    let whose = person(&id)?;
    let ending = match session.parse() {
        Ok(session) => SessionsToEnd::One { session },
        Err(_) => SessionsToEnd::Others,
    };
    match end_of_person(&backend, &office.who.actor, whose, ending).await {
        Ok(_) => Ok(to(&id, "signed_out")),
        Err(error) => refused(office, &backend, &id, error).await,
    }
}

/// Removes second factors that they lost.
pub(super) async fn factors(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    match remove_of_person(&backend, &office.who.actor, person(&id)?).await {
        Ok(()) => Ok(to(&id, "factors")),
        Err(error) => refused(office, &backend, &id, error).await,
    }
}

/// Removes the link to an account of single sign-on.
pub(super) async fn identities(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    match unlink_person(&backend, &office.who.actor, person(&id)?).await {
        Ok(()) => Ok(to(&id, "identities")),
        Err(error) => refused(office, &backend, &id, error).await,
    }
}
