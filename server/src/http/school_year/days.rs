//! The days on which the account of a student or a guardian can be used.

use app::features::school_year::pages::days::{TypedDays, days_page, record_of};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::school_year::validity::{days, set_days};
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::ids::PersonId;
use domain::school_year::validity::ValidDays;
use domain::when::typed_day;
use serde::Deserialize;

use crate::http::extract::{Form, Path};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The two days.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct DaysForm {
    from: String,
    until: String,
}

/// Shows the form.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<PersonId>,
) -> Result<Response, PageError> {
    let found = days(&backend, &office.who.actor, person).await?.ok_or(Error::NotFound("account"))?;
    let typed = TypedDays::of(found);
    Ok(html(StatusCode::OK, days_page(office.page, found, typed, FieldErrors::default())))
}

/// Saves the days.
pub(super) async fn save(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<PersonId>,
    Form(form): Form<DaysForm>,
) -> Result<Response, PageError> {
    let actor = &office.who.actor;
    let found = days(&backend, actor, person).await?.ok_or(Error::NotFound("account"))?;
    let mut errors = FieldErrors::default();
    let from = errors.take("from", typed_day(&form.from));
    let until = errors.take("until", typed_day(&form.until));
    if let (Some(from), Some(until)) = (from, until)
        && let Some(chosen) = errors.take("until", ValidDays::new(from, until))
    {
        match set_days(&backend, actor, person, chosen).await {
            Ok(()) => return Ok(Redirect::to(record_of(&office.page.path)).into_response()),
            Err(error) => {
                let (fields, whole) = told(error)?;
                errors = whole.map_or(fields, FieldErrors::whole);
            }
        }
    }
    let typed = TypedDays { from: form.from, until: form.until };
    Ok(html(StatusCode::OK, days_page(office.page, found, typed, errors)))
}
