//! A split.

use app::features::guardians::pages::duplicates::split::{TypedSplit, split_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::guardians::duplicates::split as splits;
use domain::ids::PersonId;

use crate::http::extract::{Form, Path};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// Shows what can go to a new person.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<PersonId>,
) -> Result<Response, PageError> {
    page(office, &backend, person, TypedSplit::default()).await
}

/// Splits the record.
pub(super) async fn split(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<PersonId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let one = |name: &str| {
        form.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let all = |name: &str| -> Vec<String> {
        form.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    };
    let chosen = splits::SplitForm {
        given: one("given"),
        family: one("family"),
        children: all("child").iter().filter_map(|id| id.parse().ok()).collect(),
        addresses: all("address").iter().filter_map(|id| id.parse().ok()).collect(),
        keys: all("key"),
    };
    let (errors, problem) =
        match splits::split(&backend, &office.who.actor, person, &chosen).await.map_err(told) {
            // Their record has the form for an account of their own.
            Ok((_, new)) => return Ok(Redirect::to(&format!("/guardians/{new}?done=split")).into_response()),
            Err(Ok(told)) => told,
            Err(Err(error)) => return Err(error.into()),
        };
    let ticked = ["child", "address", "key"].into_iter().flat_map(all).collect();
    let typed = TypedSplit { given: chosen.given, family: chosen.family, ticked, errors, problem };
    page(office, &backend, person, typed).await
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    person: PersonId,
    typed: TypedSplit,
) -> Result<Response, PageError> {
    let shown = splits::view(backend, &office.who.actor, person).await?;
    Ok(html(StatusCode::OK, split_page(office.page, shown, typed)))
}
