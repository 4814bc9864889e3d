//! The second and third step of set-up: the organisation and its first school. People who manage all schools
//! are led here until there is a school.

use app::features::setup::pages::organisation::organisation_page;
use app::features::setup::pages::school::school_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::roll::organisation::details::{OrganisationForm, OrganisationView, change, details};
use backend::roll::schools::add::add_school;
use backend::roll::schools::form::SchoolForm;
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::roll::school::SchoolCode;

use crate::http::extract::Form;
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// The second step.
const ORGANISATION: &str = "/setup/organisation";
/// The third step.
pub(in crate::http) const SCHOOL: &str = "/setup/school";
/// Where set-up ends, and says what to do next.
const DONE: &str = "/accounts";

/// Shows the form for the organisation.
pub(super) async fn organisation(
    State(backend): State<Backend>,
    Family(page): Family,
    Session(who): Session,
) -> Result<Response, PageError> {
    let OrganisationView { form, has_school, .. } = details(&backend, &who.actor).await?;
    if has_school {
        return Ok(Redirect::to(DONE).into_response());
    }
    Ok(html(StatusCode::OK, organisation_page(page, form, FieldErrors::default())))
}

/// Saves the organisation.
pub(super) async fn save_organisation(
    State(backend): State<Backend>,
    Family(page): Family,
    Session(who): Session,
    Form(form): Form<OrganisationForm>,
) -> Result<Response, PageError> {
    if details(&backend, &who.actor).await?.has_school {
        return Ok(Redirect::to(DONE).into_response());
    }
    Ok(match change(&backend, &who.actor, &form).await {
        Ok(()) => Redirect::to(SCHOOL).into_response(),
        Err(Error::Invalid(errors)) => html(StatusCode::OK, organisation_page(page, form, errors)),
        Err(error) => return Err(error.into()),
    })
}

/// Shows the form for the first school, which a small organisation is named after.
pub(super) async fn school(
    State(backend): State<Backend>,
    Family(page): Family,
    Session(who): Session,
) -> Result<Response, PageError> {
    let OrganisationView { form, has_school, .. } = details(&backend, &who.actor).await?;
    if has_school {
        return Ok(Redirect::to(DONE).into_response());
    }
    if form.name.is_empty() {
        return Ok(Redirect::to(ORGANISATION).into_response());
    }
    let form =
        SchoolForm { code: SchoolCode::proposal(&form.name), name: form.name, ..SchoolForm::default() };
    Ok(html(StatusCode::OK, school_page(page, form, FieldErrors::default())))
}

/// Adds the first school.
pub(super) async fn save_school(
    State(backend): State<Backend>,
    Family(page): Family,
    Session(who): Session,
    Form(form): Form<SchoolForm>,
) -> Result<Response, PageError> {
    if details(&backend, &who.actor).await?.has_school {
        return Ok(Redirect::to(DONE).into_response());
    }
    Ok(match add_school(&backend, &who.actor, &form).await {
        Ok(_) => Redirect::to(DONE).into_response(),
        Err(Error::Invalid(errors)) => html(StatusCode::OK, school_page(page, form, errors)),
        Err(error) => return Err(error.into()),
    })
}
