//! What an adult sees of a child, changed by the office.

use app::features::guardians::pages::access::grants_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::access::grants::change::change as change_access;
use backend::guardians::access::grants::page::page as access_page;
use backend::guardians::access::not_mine::restore::restore as give_back;
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::guardians::grants::GrantForm;
use domain::ids::PersonId;
use serde::Deserialize;

use super::known;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct GrantsQuery {
    child: String,
    done: String,
}

/// The child of a pair.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ChildForm {
    child: String,
}

/// Shows what an adult sees.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Query(query): Query<GrantsQuery>,
) -> Result<Response, PageError> {
    let child = if query.child.is_empty() { None } else { Some(known(&query.child)?) };
    office.page.done = match query.done.as_str() {
        "saved" => Some("Saved. It counts at once."),
        "restored" => Some("They see what they saw before."),
        _ => None,
    };
    let shown = access_page(&backend, &office.who.actor, known(&person)?, child).await?;
    Ok(html(StatusCode::OK, grants_page(office.page, shown, FieldErrors::default(), None)))
}

/// Changes what an adult sees of a child.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let child = pairs.iter().find(|(name, _)| name == "child").map(|(_, value)| value.as_str());
    let (adult, child) = (known(&person)?, known(child.unwrap_or_default())?);
    let form = GrantForm::from_pairs(&pairs);
    let changed = change_access(&backend, &office.who.actor, (adult, child), &form).await;
    answer(office, &backend, (adult, child), Some(form), changed.map(|_| "saved")).await
}

/// Gives back what "This is not my child" stopped.
pub(super) async fn restore(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Form(form): Form<ChildForm>,
) -> Result<Response, PageError> {
    let (adult, child) = (known(&person)?, known(&form.child)?);
    let restored = give_back(&backend, &office.who.actor, adult, child).await;
    answer(office, &backend, (adult, child), None, restored.map(|()| "restored")).await
}

async fn answer(
    office: OfficeRequest,
    backend: &Backend,
    (adult, child): (PersonId, PersonId),
    typed: Option<GrantForm>,
    changed: Result<&'static str, Error>,
) -> Result<Response, PageError> {
    match changed.map_err(told) {
        Ok(done) => {
            let to = format!("/guardians/{adult}/access?child={child}&done={done}");
            Ok(Redirect::to(&to).into_response())
        }
        Err(Ok((errors, problem))) => {
            let mut shown = access_page(backend, &office.who.actor, adult, Some(child)).await?;
            if let (Some(chosen), Some(typed)) = (&mut shown.chosen, typed) {
                chosen.form = typed;
            }
            Ok(html(StatusCode::OK, grants_page(office.page, shown, errors, problem)))
        }
        Err(Err(error)) => Err(error.into()),
    }
}
