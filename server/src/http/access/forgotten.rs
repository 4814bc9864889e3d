//! Asking for a link to a new password, or for one's username. One answer for all.

use app::features::access::pages::forgotten::{Forgotten, ForgottenProblem, asked_page, forgotten_page};
use app::ui::family::FamilyPage;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::access::recovery::{Asked, ask_for_links, ask_for_usernames};
use backend::access::visitor::Visitor;
use serde::Deserialize;

use super::super::family::{Family, html, problem, unhurried};
use super::super::visitor::Visiting;

/// A username or an email address, as it was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
}

/// The form for a forgotten password.
pub(super) async fn password(Family(page): Family) -> Response {
    html(StatusCode::OK, forgotten_page(page, Forgotten::Password, String::new(), None))
}

/// The form for a forgotten username.
pub(super) async fn username(Family(page): Family) -> Response {
    html(StatusCode::OK, forgotten_page(page, Forgotten::Username, String::new(), None))
}

/// A link is asked for.
pub(super) async fn ask_for_link(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(typed): Form<Typed>,
) -> Response {
    ask(&backend, page, &visitor, Forgotten::Password, typed.name).await
}

/// A username is asked for.
pub(super) async fn ask_for_username(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(typed): Form<Typed>,
) -> Response {
    ask(&backend, page, &visitor, Forgotten::Username, typed.name).await
}

async fn ask(
    backend: &Backend,
    page: FamilyPage,
    visitor: &Visitor,
    what: Forgotten,
    name: String,
) -> Response {
    if name.trim().is_empty() {
        return html(StatusCode::OK, forgotten_page(page, what, name, Some(ForgottenProblem::Missing)));
    }
    let asked = unhurried(async {
        match what {
            Forgotten::Password => ask_for_links(backend, visitor, &name).await,
            Forgotten::Username => ask_for_usernames(backend, visitor, &name).await,
        }
    });
    match asked.await {
        Ok(Asked::Heard) => html(StatusCode::OK, asked_page(page, what)),
        Ok(Asked::Slowed) => {
            let slowed = forgotten_page(page, what, name, Some(ForgottenProblem::Slowed));
            html(StatusCode::TOO_MANY_REQUESTS, slowed)
        }
        Err(error) => problem(page, error),
    }
}
