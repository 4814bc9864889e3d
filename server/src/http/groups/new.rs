//! A new teaching group.

use app::features::groups::pages::form::{GroupFormPage, form_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::groups::create::{GroupForm, create as create_group, offer};
use domain::fields::FieldErrors;
use serde::Deserialize;

use super::group_form;
use crate::http::extract::{Fields, Form, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// What the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct NewQuery {
    /// What comes next: `students` to create their accounts.
    then: String,
}

/// Shows an empty form.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<NewQuery>,
) -> Result<Response, PageError> {
    let offer = offer(&backend, &office.who.actor, office.page.me.school.id).await?;
    let typed = GroupForm { year: offer.current, ..GroupForm::default() };
    let shown =
        GroupFormPage { id: None, typed, then: query.then, errors: FieldErrors::default(), problem: None };
    Ok(html(StatusCode::OK, form_page(office.page, shown, offer)))
}

/// Creates the group, and goes on to its students or to its page.
pub(super) async fn create(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let fields = Fields(fields);
    let typed = group_form(&fields);
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let then = fields.one("then").to_owned();
    match create_group(&backend, actor, school, &typed).await.map_err(told) {
        Ok(group) if then == "students" => {
            Ok(Redirect::to(&format!("/accounts/paste?group={group}")).into_response())
        }
        Ok(group) => Ok(Redirect::to(&format!("/groups/{group}?done=created")).into_response()),
        Err(Ok((errors, problem))) => {
            let offer = offer(&backend, actor, school).await?;
            let shown = GroupFormPage { id: None, typed, then, errors, problem };
            Ok(html(StatusCode::OK, form_page(office.page, shown, offer)))
        }
        Err(Err(error)) => Err(error.into()),
    }
}
