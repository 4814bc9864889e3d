//! Inviting a colleague.

use app::features::authorization::pages::roles::invite_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::setup::colleague::{ColleagueForm, invite_colleague, offer};
use domain::fields::FieldErrors;

use crate::http::extract::Form;
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// Shows the form, with the current school chosen.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
) -> Result<Response, PageError> {
    let form = ColleagueForm { place: office.page.me.school.id.to_string(), ..ColleagueForm::default() };
    page(office, &backend, form, FieldErrors::default(), None).await
}

/// Invites the colleague.
pub(super) async fn invite(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<ColleagueForm>,
) -> Result<Response, PageError> {
    Ok(match invite_colleague(&backend, &office.who.actor, &form).await.map_err(told) {
        Ok(invited) => {
            Redirect::to(&format!("/roles/people/{}?done=invited", invited.person)).into_response()
        }
        Err(Ok((errors, problem))) => page(office, &backend, form, errors, problem).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    form: ColleagueForm,
    errors: FieldErrors,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let offer = offer(backend, &office.who.actor).await?;
    Ok(html(StatusCode::OK, invite_page(office.page, offer, form, errors, problem)))
}
