//! The tasks of the office.

use app::features::guardians::pages::tasks::tasks_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::tasks::done::mark;
use backend::guardians::tasks::list::open;
use backend::{Backend, Error};
use domain::ids::TaskId;
use serde::Deserialize;

use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TasksQuery {
    done: String,
    asked: String,
}

/// The task, and whether it is opened again.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TaskForm {
    task: String,
    open: String,
}

/// Lists the open ones.
pub(super) async fn list(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<TasksQuery>,
) -> Result<Response, PageError> {
    let tasks = open(&backend, &office.who.actor).await?;
    let undo = query.done.parse::<TaskId>().ok().map(|task| task.to_string());
    office.page.done = if query.asked.is_empty() {
        undo.is_some().then_some("Done.")
    } else {
        Some("Asked. Somebody who reaches both schools attaches the student.")
    };
    Ok(html(StatusCode::OK, tasks_page(office.page, tasks, undo)))
}

/// Marks one as done, or opens it again.
pub(super) async fn done(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<TaskForm>,
) -> Result<Response, PageError> {
    let task: TaskId = form.task.parse().map_err(|_| Error::NotFound("task"))?;
    let is_done = form.open.is_empty();
    mark(&backend, &office.who.actor, task, is_done).await?;
    let to = if is_done { format!("/guardians/tasks?done={task}") } else { "/guardians/tasks".to_owned() };
    Ok(Redirect::to(&to).into_response())
}
