//! The family's part: what a guardian sees and why, and who sees a student's portal.

use app::features::guardians::pages::family::{own_page, sight_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::access::family::own_access;
use backend::guardians::access::not_mine::{NotMine, press};
use backend::guardians::of_age::choose::choose as choose_adults;
use backend::guardians::of_age::shown::own;
use backend::portal::frame::{frame, frame_with};
use backend::{Backend, Error};
use domain::portal::PortalFeature;
use serde::Deserialize;

use super::known;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct SightQuery {
    #[serde(default)]
    done: String,
}

/// Shows a student who sees their portal.
pub(super) async fn sight(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Query(query): Query<SightQuery>,
) -> Result<Response, PageError> {
    let frame = frame_with(&backend, &who.actor, PortalFeature::Access).await?;
    let sight = own(&backend, &who.actor).await?;
    Ok(html(StatusCode::OK, sight_page(page, frame, sight, query.done == "saved")))
}

/// Saves what a student of age lets adults see.
pub(super) async fn choose(
    Session(who): Session,
    State(backend): State<Backend>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let ticks: Vec<String> =
        pairs.into_iter().filter(|(name, _)| name == "keep").map(|(_, value)| value).collect();
    choose_adults(&backend, &who.actor, &ticks).await?;
    Ok(Redirect::to("/portal/access?done=saved").into_response())
}

/// Shows a guardian what they see of a child, and a student of themselves who sees them.
pub(super) async fn show(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Path(person): Path<String>,
) -> Result<Response, PageError> {
    let child = known(&person)?;
    if child == who.person {
        return Ok(Redirect::to("/portal/access").into_response());
    }
    let own = own_access(&backend, &who.actor, child).await?;
    let frame = frame(&backend, &who.actor).await?;
    Ok(html(StatusCode::OK, own_page(page, frame, own)))
}

/// Stops what a guardian sees of a child who is not theirs.
pub(super) async fn not_mine(
    Session(who): Session,
    State(backend): State<Backend>,
    Path(person): Path<String>,
) -> Result<Response, PageError> {
    let child = known(&person)?;
    // Nobody disowns themselves.
    if child == who.person {
        return Err(Error::NotFound("student").into());
    }
    press(&backend, &who.actor, child, NotMine::Portal).await?;
    Ok(Redirect::to("/portal?done=not-mine").into_response())
}
