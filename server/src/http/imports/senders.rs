//! `GET /imports/senders?kind=…`: what columns mean in the files of each sender, and the forms that rename or forget one.

use app::features::imports::pages::senders::senders_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::imports::senders;
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::ids::SenderId;
use domain::imports::kind::{ImportDeclaration, KindSlug};
use domain::rooms;
use serde::Deserialize;

use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The kind of list, and what was done.
#[derive(Deserialize)]
pub(super) struct SendersQuery {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    done: String,
}

impl SendersQuery {
    fn kind(&self) -> Result<&'static ImportDeclaration, Error> {
        match self.kind.as_str() {
            "" => Ok(rooms::IMPORTS[0]),
            slug => rooms::import(slug).ok_or(Error::NotFound("kind of import")),
        }
    }
}

/// What to do with a sender.
#[derive(Deserialize)]
pub(super) struct SenderForm {
    what: SenderChange,
    #[serde(default)]
    name: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SenderChange {
    Rename,
    Forget,
}

/// Shows the page.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<SendersQuery>,
) -> Result<Response, PageError> {
    office.page.done = match query.done.as_str() {
        "renamed" => Some("The name was saved."),
        "forgotten" => Some("The columns are forgotten."),
        _ => None,
    };
    page(office, &backend, query.kind()?, None).await
}

/// Renames or forgets a sender.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(sender): Path<SenderId>,
    Query(query): Query<SendersQuery>,
    Form(form): Form<SenderForm>,
) -> Result<Response, PageError> {
    let kind = query.kind()?;
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let (changed, done) = match form.what {
        SenderChange::Rename => {
            (senders::rename(&backend, actor, school, sender, &form.name).await, "renamed")
        }
        SenderChange::Forget => (senders::forget(&backend, actor, school, sender).await, "forgotten"),
    };
    match changed {
        Ok(()) => {
            Ok(Redirect::to(&format!("/imports/senders?kind={}&done={done}", kind.slug)).into_response())
        }
        Err(Error::Invalid(errors)) => page(office, &backend, kind, Some((sender, errors))).await,
        Err(error) => Err(PageError::from(error).back_to("/imports/senders", "Remembered columns")),
    }
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    kind: &'static ImportDeclaration,
    wrong: Option<(SenderId, FieldErrors)>,
) -> Result<Response, PageError> {
    let school = office.page.me.school.id;
    let found = senders::list(backend, &office.who.actor, &KindSlug::from(kind), school).await?;
    Ok(html(StatusCode::OK, senders_page(office.page, kind, found, wrong)))
}
