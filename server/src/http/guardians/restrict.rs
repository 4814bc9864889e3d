//! Recording, reviewing and lifting restrictions.

use app::features::guardians::pages::access::{RestrictFor, restrict_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::access::map::map;
use backend::guardians::access::restrictions::change::{
    RestrictionChange, change as change_restriction, form as filled_in,
};
use backend::guardians::access::restrictions::lift::ask_to_lift;
use backend::guardians::access::restrictions::loosen::LoosenOutcome;
use backend::guardians::access::restrictions::record::record as record_restriction;
use backend::guardians::access::restrictions::review::review as set_review;
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::guardians::restriction::RestrictionForm;
use domain::ids::{PersonId, RestrictionId};
use serde::Deserialize;

use super::access::refused;
use super::known;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// A restriction, and its next review date.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RestrictionChoice {
    restriction: String,
    review: String,
}

impl RestrictionChoice {
    fn id(&self) -> Result<RestrictionId, Error> {
        self.restriction.parse().map_err(|_| Error::NotFound("restriction"))
    }
}

/// Shows the form.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
) -> Result<Response, PageError> {
    let wanted = (known(&person)?, RestrictFor::Recording);
    form(office, &backend, wanted, None, FieldErrors::default(), None).await
}

/// Records a restriction.
pub(super) async fn record(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (child, typed) = (known(&person)?, RestrictionForm::from_pairs(&pairs));
    match record_restriction(&backend, &office.who.actor, child, &typed).await.map_err(told) {
        Ok(_) => Ok(Redirect::to(&format!("/students/{child}/access?done=restricted")).into_response()),
        Err(Ok((errors, problem))) => {
            form(office, &backend, (child, RestrictFor::Recording), Some(typed), errors, problem).await
        }
        Err(Err(error)) => Err(error.into()),
    }
}

/// Shows the form for a restriction that is there.
pub(super) async fn show_changed(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Query(chosen): Query<RestrictionChoice>,
) -> Result<Response, PageError> {
    let (child, restriction) = (known(&person)?, chosen.id()?);
    let filled = filled_in(&backend, &office.who.actor, child, restriction).await?;
    let wanted = (child, RestrictFor::Changing(restriction));
    form(office, &backend, wanted, Some(filled), FieldErrors::default(), None).await
}

/// Changes what a restriction says, or asks a second person to agree.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let child = known(&person)?;
    let named = pairs.iter().find(|(name, _)| name == "restriction").map(|(_, value)| value.as_str());
    let restriction = named.unwrap_or_default().parse().map_err(|_| Error::NotFound("restriction"))?;
    let typed = RestrictionForm::from_pairs(&pairs);
    match change_restriction(&backend, &office.who.actor, (child, restriction), &typed).await.map_err(told) {
        Ok(change) => {
            let done = if change == RestrictionChange::Waits { "asked" } else { "changed" };
            Ok(Redirect::to(&format!("/students/{child}/access?done={done}")).into_response())
        }
        Err(Ok((errors, problem))) => {
            let wanted = (child, RestrictFor::Changing(restriction));
            form(office, &backend, wanted, Some(typed), errors, problem).await
        }
        Err(Err(error)) => Err(error.into()),
    }
}

async fn form(
    office: OfficeRequest,
    backend: &Backend,
    (child, purpose): (PersonId, RestrictFor),
    typed: Option<RestrictionForm>,
    errors: FieldErrors,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let map = map(backend, &office.who.actor, child).await?;
    if !map.may_restrict {
        return Err(Error::NotFound("student").into());
    }
    let typed = typed.unwrap_or_else(|| RestrictionForm::blank(map.today));
    Ok(html(StatusCode::OK, restrict_page(office.page, map, purpose, typed, errors, problem)))
}

/// Sets the next review date.
pub(super) async fn review(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Form(chosen): Form<RestrictionChoice>,
) -> Result<Response, PageError> {
    let child = known(&person)?;
    match set_review(&backend, &office.who.actor, child, chosen.id()?, &chosen.review).await.map_err(told) {
        Ok(()) => Ok(Redirect::to(&format!("/students/{child}/access?done=reviewed")).into_response()),
        Err(Ok(problem)) => refused(office, &backend, child, sentence(problem)).await,
        Err(Err(error)) => Err(error.into()),
    }
}

/// Asks a second person to agree to lifting one.
pub(super) async fn lift(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Form(chosen): Form<RestrictionChoice>,
) -> Result<Response, PageError> {
    let child = known(&person)?;
    match ask_to_lift(&backend, &office.who.actor, child, chosen.id()?).await.map_err(told) {
        Ok(outcome) => {
            let done = if outcome == LoosenOutcome::Waits { "asked" } else { "lifted" };
            Ok(Redirect::to(&format!("/students/{child}/access?done={done}")).into_response())
        }
        Err(Ok(problem)) => refused(office, &backend, child, sentence(problem)).await,
        Err(Err(error)) => Err(error.into()),
    }
}

/// The one sentence of a form that has a single field.
fn sentence((errors, problem): (FieldErrors, Option<String>)) -> String {
    problem.or_else(|| errors.0.into_iter().next().map(|error| error.message)).unwrap_or_default()
}
