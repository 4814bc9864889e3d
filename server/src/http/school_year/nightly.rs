//! The nightly changes of the current school.

use app::features::school_year::pages::nightly::nightly_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::school_year::hold::{hold, release};
use backend::school_year::now::{FollowedNow, follow_now};
use backend::school_year::tomorrow::nights;
use backend::{Backend, Error};
use chrono::Days;
use domain::fields::FieldErrors;
use domain::when::typed_day;
use serde::Deserialize;

use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct NightlyQuery {
    done: String,
}

/// Until when.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct HoldForm {
    until: String,
    night: String,
}

/// The confirmation for what a form just did.
fn done(word: &str) -> Option<&'static str> {
    match word {
        "held" => Some("Held. Nothing changes until then."),
        "released" => Some("Released."),
        "now" => Some("Done."),
        "nothing" => Some("Nothing was due."),
        "waits" => Some("Asked. Another person has to approve it under Approvals."),
        _ => None,
    }
}

/// Shows what the nights did and will do.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<NightlyQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    shown(office, &backend, String::new(), FieldErrors::default()).await
}

async fn shown(
    office: OfficeRequest,
    backend: &Backend,
    typed: String,
    errors: FieldErrors,
) -> Result<Response, PageError> {
    let seen = nights(backend, &office.who.actor, office.page.me.school.id).await?;
    Ok(html(StatusCode::OK, nightly_page(office.page, seen, typed, errors)))
}

/// Holds the changes for a night or until a day.
pub(super) async fn hold_it(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<HoldForm>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let until = if form.night.is_empty() {
        match typed_day(&form.until) {
            Ok(Some(day)) => day,
            Ok(None) => {
                let errors = FieldErrors::one("until", "Enter the last day on which nothing is to change.");
                return shown(office, &backend, form.until, errors).await;
            }
            Err(error) => {
                let errors = FieldErrors::one("until", error.to_string());
                return shown(office, &backend, form.until, errors).await;
            }
        }
    } else {
        let today = nights(&backend, actor, school).await?.today;
        today.checked_add_days(Days::new(1)).unwrap_or(today)
    };
    match hold(&backend, actor, school, until).await {
        Ok(()) => Ok(Redirect::to("/school-year/nightly?done=held").into_response()),
        Err(Error::Invalid(errors)) => shown(office, &backend, form.until, errors).await,
        Err(error) => Err(error.into()),
    }
}

/// Releases them.
pub(super) async fn release_it(
    office: OfficeRequest,
    State(backend): State<Backend>,
) -> Result<Response, PageError> {
    release(&backend, &office.who.actor, office.page.me.school.id).await?;
    Ok(Redirect::to("/school-year/nightly?done=released").into_response())
}

/// Does what is due today.
pub(super) async fn now(
    office: OfficeRequest,
    State(backend): State<Backend>,
) -> Result<Response, PageError> {
    let to = match follow_now(&backend, &office.who.actor, office.page.me.school.id).await? {
        FollowedNow::Done(_) => "/school-year/nightly?done=now".to_owned(),
        FollowedNow::Nothing => "/school-year/nightly?done=nothing".to_owned(),
        FollowedNow::Waits => "/school-year/nightly?done=waits".to_owned(),
        FollowedNow::Queued(operation) => format!("/operations/{operation}"),
    };
    Ok(Redirect::to(&to).into_response())
}
