//! "Are these your children?", for guardians who came to their account without an answer.

use std::collections::BTreeMap;

use app::features::invitations::pages::children::{AskedAt, children_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::guardians::family::asked::ChildrenAnswer;
use backend::guardians::family::first;

use crate::http::extract::Form;
use crate::http::family::{Family, html};
use crate::http::invitations::{answers, saying};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// Where they are asked.
pub(in crate::http) const ARE_THESE_YOURS: &str = "/portal/are-these-yours";

/// Shows the question.
pub(super) async fn ask(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Result<Response, PageError> {
    if !first::is_asked(&who) {
        return Ok(Redirect::to("/portal").into_response());
    }
    let children = first::to_ask(&backend, &who.actor).await?;
    Ok(html(StatusCode::OK, children_page(page, AskedAt::Portal, children, &BTreeMap::new(), &[])))
}

/// Takes the answer. One that leaves a child out is asked for again, and nothing is changed.
pub(super) async fn answer(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    if !first::is_asked(&who) {
        return Ok(Redirect::to("/portal").into_response());
    }
    let answers = answers(&form);
    match first::answer(&backend, &who.actor, &saying(&answers, true), &saying(&answers, false)).await? {
        ChildrenAnswer::Taken(_) => Ok(Redirect::to("/portal").into_response()),
        ChildrenAnswer::Incomplete(missing) => {
            let children = first::to_ask(&backend, &who.actor).await?;
            Ok(html(StatusCode::OK, children_page(page, AskedAt::Portal, children, &answers, &missing)))
        }
    }
}
