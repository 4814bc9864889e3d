//! The settings of exports.

use app::features::audit::pages::exports::exports_page;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::audit::exports::{ExportForm, set, settings};
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use serde::Deserialize;

use crate::http::desk::AtDesk;
use crate::http::family::html;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Came {
    #[serde(default)]
    done: String,
}

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Typed {
    a_day: String,
    alert_over: String,
    approval_over: String,
}

/// The page.
pub(super) async fn show(
    mut desk: AtDesk,
    State(backend): State<Backend>,
    Query(came): Query<Came>,
) -> Response {
    desk.page.done = (came.done == "saved").then_some("Saved.");
    page(desk, &backend, None, FieldErrors::default()).await
}

/// Its form.
pub(super) async fn save(desk: AtDesk, State(backend): State<Backend>, Form(typed): Form<Typed>) -> Response {
    let Typed { a_day, alert_over, approval_over } = typed;
    let form = ExportForm { a_day, alert_over, approval_over };
    match set(&backend, &desk.who.actor, &form).await {
        Ok(()) => Redirect::to("/settings/exports?done=saved").into_response(),
        Err(Error::Invalid(errors)) => page(desk, &backend, Some(form), errors).await,
        Err(error) => desk.problem(error),
    }
}

async fn page(desk: AtDesk, backend: &Backend, typed: Option<ExportForm>, errors: FieldErrors) -> Response {
    match settings(backend, &desk.who.actor).await {
        Ok(settings) => html(StatusCode::OK, exports_page(desk.page, settings, typed, errors)),
        Err(error) => desk.problem(error),
    }
}
