//! `GET /groups`, and where new students go.

use app::features::groups::pages::list::list_page;
use app::features::groups::pages::students::students_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::accounts::groups_list;
use backend::groups::list::{GroupFilter, choices, list as groups};
use domain::accounts::export::ExportFormat;
use domain::authorization::permission::Permission;
use domain::ids::GroupId;
use domain::lists::page::Cursor;
use serde::Deserialize;

use super::done;
use crate::http::accounts::export::download;
use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// What the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    year: String,
    show: String,
    after: String,
    done: String,
}

fn filter(words: String, year: &str, show: &str) -> GroupFilter {
    GroupFilter { words, year: year.parse().ok(), closed: show == "closed", tutor_wanted: show == "tutor" }
}

/// The form of the buttons that export the list.
#[derive(Deserialize)]
pub(super) struct ExportForm {
    #[serde(default)]
    q: String,
    #[serde(default)]
    year: String,
    #[serde(default)]
    show: String,
    format: ExportFormat,
}

/// The list as a file: every group that matches.
pub(super) async fn export(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<ExportForm>,
) -> Result<Response, PageError> {
    let filter = filter(form.q, &form.year, &form.show);
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let file = groups_list::export(&backend, actor, school, (&filter, form.format)).await;
    Ok(download(file.map_err(|error| PageError::from(error).back_to("/groups", "Teaching groups"))?))
}

/// A page of the list.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let filter = filter(query.q, &query.year, &query.show);
    let after = (!query.after.is_empty()).then(|| Cursor::from(query.after));
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let found = groups(&backend, actor, school, &filter, after.as_ref()).await?;
    Ok(html(StatusCode::OK, list_page(office.page, filter, found)))
}

/// Asks where new students go: into a new teaching group, or into one that exists.
pub(super) async fn students(
    office: OfficeRequest,
    State(backend): State<Backend>,
) -> Result<Response, PageError> {
    let school = office.page.me.school.id;
    let choices = choices(&backend, &office.who.actor, (school, Permission::ManageAccounts)).await?;
    Ok(html(StatusCode::OK, students_page(office.page, choices, None)))
}

/// The form of the question.
#[derive(Deserialize)]
pub(super) struct ChosenGroup {
    #[serde(default)]
    group: String,
}

/// Goes on to the chosen group.
pub(super) async fn chosen(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<ChosenGroup>,
) -> Result<Response, PageError> {
    if let Ok(group) = form.group.parse::<GroupId>() {
        return Ok(Redirect::to(&format!("/accounts/paste?group={group}")).into_response());
    }
    let school = office.page.me.school.id;
    let choices = choices(&backend, &office.who.actor, (school, Permission::ManageAccounts)).await?;
    Ok(html(StatusCode::OK, students_page(office.page, choices, Some("Choose a teaching group."))))
}
