//! The piles of a school, one of them, and making it or one of its cards void.

use app::features::cards::pages::pile::pile_page;
use app::features::cards::pages::piles::piles_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::cards::{piles, void};
use backend::{Backend, Error};
use domain::ids::{OperationId, PersonId};
use domain::lists::page::Cursor;
use serde::Deserialize;

use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// Where the page of the list starts.
#[derive(Deserialize)]
pub(super) struct PilesQuery {
    #[serde(default)]
    after: String,
}

/// Whose card, if it is one.
#[derive(Deserialize)]
pub(super) struct VoidForm {
    person: Option<PersonId>,
}

/// `GET /cards`.
pub(super) async fn list(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(PilesQuery { after }): Query<PilesQuery>,
) -> Result<Response, PageError> {
    let after = (!after.is_empty()).then(|| Cursor::from(after));
    let school = office.page.me.school.id;
    let found = piles::piles(&backend, &office.who.actor, school, after.as_ref()).await?;
    Ok(html(StatusCode::OK, piles_page(office.page, found)))
}

/// `GET /cards/{pile}`.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(pile): Path<String>,
) -> Result<Response, PageError> {
    shown(office, &backend, known(&pile)?, None, None).await
}

/// `POST /cards/{pile}/void`.
pub(super) async fn void(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(pile): Path<String>,
    Form(VoidForm { person }): Form<VoidForm>,
) -> Result<Response, PageError> {
    let pile = known(&pile)?;
    let school = office.page.me.school.id;
    match void::void(&backend, &office.who.actor, school, pile, person).await.map_err(told) {
        Ok(report) => shown(office, &backend, pile, Some(report.sentence()), None).await,
        Err(Ok((_, problem))) => shown(office, &backend, pile, None, problem).await,
        Err(Err(error)) => Err(error.into()),
    }
}

async fn shown(
    office: OfficeRequest,
    backend: &Backend,
    pile: OperationId,
    done: Option<String>,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let detail = piles::pile(backend, &office.who.actor, office.page.me.school.id, pile).await?;
    Ok(html(StatusCode::OK, pile_page(office.page, detail, done, problem)))
}

fn known(id: &str) -> Result<OperationId, Error> {
    id.parse().map_err(|_| Error::NotFound("pile"))
}
