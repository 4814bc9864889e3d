//! The setting for how long staff may go without a second factor.

use app::features::factors::pages::grace::grace_page;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use backend::factors::grace::{grace, set_grace};
use backend::{Backend, Error};
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use serde::Deserialize;

use crate::http::desk::AtDesk;
use crate::http::family::html;
use crate::http::routes::{Access, Routes};

/// The page and its form.
pub(in crate::http) fn routes() -> Routes {
    const SETTINGS: Permission = Permission::ManageSettings;
    Routes::new().holding(SETTINGS, "/settings/second-factors", get(show)).step_up(
        Access::Holds(SETTINGS),
        "/settings/second-factors",
        post(save),
    )
}

/// What the address says.
#[derive(Deserialize)]
struct Came {
    #[serde(default)]
    done: String,
}

/// What was typed.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    days: String,
}

async fn show(mut desk: AtDesk, State(backend): State<Backend>, Query(came): Query<Came>) -> Response {
    desk.page.done = (came.done == "saved").then_some("Saved.");
    page(desk, &backend, None, FieldErrors::default()).await
}

async fn save(desk: AtDesk, State(backend): State<Backend>, Form(typed): Form<Typed>) -> Response {
    match set_grace(&backend, &desk.who.actor, &typed.days).await {
        Ok(()) => Redirect::to("/settings/second-factors?done=saved").into_response(),
        Err(Error::Invalid(errors)) => page(desk, &backend, Some(typed.days), errors).await,
        Err(error) => desk.problem(error),
    }
}

async fn page(desk: AtDesk, backend: &Backend, typed: Option<String>, errors: FieldErrors) -> Response {
    match grace(backend, &desk.who.actor).await {
        Ok((days, sets)) => html(StatusCode::OK, grace_page(desk.page, days, sets, typed, errors)),
        Err(error) => desk.problem(error),
    }
}
