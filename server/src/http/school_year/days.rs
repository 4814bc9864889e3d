//! The days on which the account of a student, a guardian or a member of staff can be used.

use app::features::school_year::pages::days::{TypedDays, days_page, record_of};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use backend::school_year::validity::{DaysOf, days, set_days};
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::ids::{PersonId, SchoolId};
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

/// Whose days a page is about.
type Whose = fn(SchoolId, PersonId) -> DaysOf;

/// The page for somebody with a record.
pub(super) fn of_person() -> MethodRouter<Backend> {
    page(|_, person| DaysOf::Person(person))
}

/// The page for a member of staff.
pub(super) fn of_staff() -> MethodRouter<Backend> {
    page(DaysOf::Staff)
}

/// The form that saves them.
pub(super) fn save_of_person() -> MethodRouter<Backend> {
    form(|_, person| DaysOf::Person(person))
}

/// The form that saves those of a member of staff.
pub(super) fn save_of_staff() -> MethodRouter<Backend> {
    form(DaysOf::Staff)
}

fn page(whose: Whose) -> MethodRouter<Backend> {
    get(move |office: OfficeRequest, backend: State<Backend>, person: Path<PersonId>| {
        show(whose, office, backend, person)
    })
}

fn form(whose: Whose) -> MethodRouter<Backend> {
    post(
        move |office: OfficeRequest,
              backend: State<Backend>,
              person: Path<PersonId>,
              typed: Form<DaysForm>| { save(whose, office, backend, person, typed) },
    )
}

/// Shows the form.
async fn show(
    whose: Whose,
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<PersonId>,
) -> Result<Response, PageError> {
    let whose = whose(office.page.me.school.id, person);
    let found = days(&backend, &office.who.actor, whose).await?.ok_or(Error::NotFound("account"))?;
    let typed = TypedDays::of(found);
    Ok(html(StatusCode::OK, days_page(office.page, found, typed, FieldErrors::default())))
}

/// Saves the days.
async fn save(
    whose: Whose,
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<PersonId>,
    Form(form): Form<DaysForm>,
) -> Result<Response, PageError> {
    let (actor, whose) = (&office.who.actor, whose(office.page.me.school.id, person));
    let found = days(&backend, actor, whose).await?.ok_or(Error::NotFound("account"))?;
    let mut errors = FieldErrors::default();
    let from = errors.take("from", typed_day(&form.from));
    let until = errors.take("until", typed_day(&form.until));
    if let (Some(from), Some(until)) = (from, until)
        && let Some(chosen) = errors.take("until", ValidDays::new(from, until))
    {
        match set_days(&backend, actor, whose, chosen).await {
            Ok(()) => return Ok(Redirect::to(record_of(&office.page.path)).into_response()),
            Err(error) => {
                let (fields, sentence) = told(error)?;
                errors = sentence.map_or(fields, FieldErrors::whole);
            }
        }
    }
    let typed = TypedDays { from: form.from, until: form.until };
    Ok(html(StatusCode::OK, days_page(office.page, found, typed, errors)))
}
