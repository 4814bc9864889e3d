//! A guardian's children: their pages, and "This is not my child".

use app::features::portal::pages::child::child_page;
use app::features::portal::pages::not_mine::{not_mine_page, which_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::access::not_mine::{NotMine, press};
use backend::portal::child::child;
use backend::portal::home::home;
use backend::{Backend, Error};
use domain::ids::PersonId;

use crate::http::extract::Path;
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// Shows a child's page.
pub(super) async fn show(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let shown = child(&backend, &who.actor, known(&id)?).await?;
    Ok(html(StatusCode::OK, child_page(page, shown)))
}

/// Asks which child is not theirs.
pub(super) async fn which(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Result<Response, PageError> {
    let children = home(&backend, &who.actor).await?.children;
    Ok(match children.as_slice() {
        [] => Redirect::to("/portal").into_response(),
        [one] => Redirect::to(&format!("/portal/children/{}/not-mine", one.person)).into_response(),
        _ => html(StatusCode::OK, which_page(page, children)),
    })
}

/// Says what will happen. Changes nothing.
pub(super) async fn ask(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let shown = child(&backend, &who.actor, known(&id)?).await?;
    Ok(html(StatusCode::OK, not_mine_page(page, shown.child)))
}

/// Stops the access.
pub(super) async fn stop(
    Session(who): Session,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    press(&backend, &who.actor, known(&id)?, NotMine::Portal).await?;
    Ok(Redirect::to("/portal?done=not-mine").into_response())
}

/// What is no identifier names nobody.
fn known(id: &str) -> Result<PersonId, Error> {
    id.parse().map_err(|_| Error::NotFound("child"))
}
