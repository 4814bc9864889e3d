//! Requesting a link to set a new password, or your username. The response is always the same.

use app::features::recovery::pages::forgotten::{
    ForgottenCredential, ForgottenProblem, asked_page, forgotten_page,
};
use app::ui::family::FamilyPage;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::recovery::requests;
use backend::recovery::requests::{RecoveryKind, RecoveryRequestOutcome};
use backend::sessions::visitor::Visitor;
use backend::single_sign_on::offers::offers;
use serde::Deserialize;

use crate::http::extract::Form;
use crate::http::family::{Family, html, unhurried};
use crate::http::problem::PageError;
use crate::http::visitor::Visiting;

/// A username or an email address, as typed.
#[derive(Deserialize)]
pub(super) struct ForgottenForm {
    #[serde(default)]
    name: String,
}

/// Shows the form for a forgotten password.
pub(super) async fn password(
    State(backend): State<Backend>,
    Family(page): Family,
) -> Result<Response, PageError> {
    form(&backend, page, StatusCode::OK, ForgottenCredential::Password, String::new(), None).await
}

/// Shows the form for a forgotten username.
pub(super) async fn username(
    State(backend): State<Backend>,
    Family(page): Family,
) -> Result<Response, PageError> {
    form(&backend, page, StatusCode::OK, ForgottenCredential::Username, String::new(), None).await
}

async fn form(
    backend: &Backend,
    page: FamilyPage,
    status: StatusCode,
    what: ForgottenCredential,
    name: String,
    wrong: Option<ForgottenProblem>,
) -> Result<Response, PageError> {
    let offers = offers(backend).await?;
    Ok(html(status, forgotten_page(page, what, name, wrong, offers)))
}

/// Requests a link.
pub(super) async fn ask_for_link(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(submitted): Form<ForgottenForm>,
) -> Result<Response, PageError> {
    ask(&backend, page, &visitor, ForgottenCredential::Password, submitted.name).await
}

/// Requests the username.
pub(super) async fn ask_for_username(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(submitted): Form<ForgottenForm>,
) -> Result<Response, PageError> {
    ask(&backend, page, &visitor, ForgottenCredential::Username, submitted.name).await
}

async fn ask(
    backend: &Backend,
    page: FamilyPage,
    visitor: &Visitor,
    what: ForgottenCredential,
    name: String,
) -> Result<Response, PageError> {
    if name.trim().is_empty() {
        let missing = Some(ForgottenProblem::Missing);
        return form(backend, page, StatusCode::OK, what, name, missing).await;
    }
    let wanted = match what {
        ForgottenCredential::Password => RecoveryKind::Links,
        ForgottenCredential::Username => RecoveryKind::Usernames,
    };
    Ok(match unhurried(requests::ask(backend, visitor, wanted, &name)).await? {
        RecoveryRequestOutcome::Heard => {
            let offers = offers(backend).await?;
            html(StatusCode::OK, asked_page(page, what, offers))
        }
        RecoveryRequestOutcome::Slowed => {
            let slowed = Some(ForgottenProblem::Slowed);
            form(backend, page, StatusCode::TOO_MANY_REQUESTS, what, name, slowed).await?
        }
    })
}
