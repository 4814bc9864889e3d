//! Changing a teaching group, closing and opening it.

use app::features::groups::pages::form::{GroupFormPage, form_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::groups::create::{GroupForm, offer};
use backend::groups::edit::{close as close_group, edit};
use backend::groups::group::group as group_page;
use domain::fields::FieldErrors;
use domain::ids::GroupId;
use serde::Deserialize;

use super::group::{GroupNotice, page};
use super::group_form;
use crate::http::extract::{Fields, Form, Path};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// Shows the form with what the group has.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
) -> Result<Response, PageError> {
    let actor = &office.who.actor;
    let found = group_page(&backend, actor, group).await?;
    let offer = offer(&backend, actor, office.page.me.school.id).await?;
    let typed = GroupForm {
        courses: found.chosen(),
        year: found.year.map(|(year, _)| year),
        name: found.name,
        tutors: Vec::new(),
    };
    let shown = GroupFormPage {
        id: Some(group),
        typed,
        then: String::new(),
        errors: FieldErrors::default(),
        problem: None,
    };
    Ok(html(StatusCode::OK, form_page(office.page, shown, offer)))
}

/// Changes the group.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let typed = group_form(&Fields(fields));
    let actor = &office.who.actor;
    match edit(&backend, actor, group, &typed).await.map_err(told) {
        Ok(()) => Ok(Redirect::to(&format!("/groups/{group}?done=saved")).into_response()),
        Err(Ok((errors, problem))) => {
            let offer = offer(&backend, actor, office.page.me.school.id).await?;
            let shown = GroupFormPage { id: Some(group), typed, then: String::new(), errors, problem };
            Ok(html(StatusCode::OK, form_page(office.page, shown, offer)))
        }
        Err(Err(error)) => Err(error.into()),
    }
}

/// The button's form.
#[derive(Deserialize)]
pub(super) struct CloseForm {
    /// `close` or `open`.
    action: String,
}

/// Closes the group, or opens it.
pub(super) async fn close(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Form(form): Form<CloseForm>,
) -> Result<Response, PageError> {
    let closed = form.action == "close";
    match close_group(&backend, &office.who.actor, group, closed).await.map_err(told) {
        Ok(()) => {
            let word = if closed { "closed" } else { "opened" };
            Ok(Redirect::to(&format!("/groups/{group}?done={word}")).into_response())
        }
        Err(Ok((_, problem))) => {
            page(office, &backend, group, GroupNotice { problem, ..GroupNotice::default() }).await
        }
        Err(Err(error)) => Err(error.into()),
    }
}
