//! Your own password and sessions.

use app::features::own_account::pages::account::{
    AccountNotice, ChangePasswordProblem, change_page, no_password_page, sessions_page,
};
use app::ui::family::{PasswordOwner, PasswordProblem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::factors::step_up::has_one;
use backend::own_account::change_password::{ChangePasswordOutcome, change_password, rules};
use backend::sessions::list;
use backend::sessions::session::SignedIn;
use backend::{Backend, Error};
use domain::sessions::views::SessionsToEnd;
use serde::Deserialize;

use crate::http::cookies;
use crate::http::cookies::go_on;
use crate::http::extract::{Form, Query};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;
use crate::http::visitor::Visiting;

/// The submitted passwords.
#[derive(Deserialize)]
pub(super) struct ChangePasswordForm {
    #[serde(default)]
    present: String,
    #[serde(default)]
    password: String,
}

/// Which session to end: an id, or `others`.
#[derive(Deserialize)]
pub(super) struct EndSessionForm {
    #[serde(default)]
    session: String,
}

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct SessionsQuery {
    said: Option<String>,
}

async fn owner(backend: &Backend, who: &SignedIn) -> Result<PasswordOwner, Error> {
    let rules = rules(backend, who).await?;
    Ok(PasswordOwner {
        name: who.name.clone(),
        username: who.username.clone(),
        minimum: u32::try_from(rules.minimum).unwrap_or(u32::MAX),
    })
}

/// Shows the form for a new password.
pub(super) async fn password(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Result<Response, PageError> {
    match has_one(&backend, &who).await {
        Ok(true) => {}
        Ok(false) => return Ok(html(StatusCode::OK, no_password_page(page))),
        Err(error) => return Err(error.into()),
    }
    let owner = owner(&backend, &who).await?;
    Ok(html(StatusCode::OK, change_page(page, owner, None)))
}

/// Handles the form with the current and the new password.
pub(super) async fn change(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(form): Form<ChangePasswordForm>,
) -> Result<Response, PageError> {
    let owner = match owner(&backend, &who).await {
        Ok(owner) => owner,
        Err(error) => return Err(error.into()),
    };
    let again = |status, wrong| html(status, change_page(page.clone(), owner, Some(wrong)));
    if form.present.is_empty() {
        return Ok(again(StatusCode::OK, ChangePasswordProblem::PresentMissing));
    }
    if form.password.is_empty() {
        return Ok(again(StatusCode::OK, ChangePasswordProblem::New(PasswordProblem::Missing)));
    }
    Ok(match change_password(&backend, &who, &visitor, &form.present, &form.password).await {
        Ok(ChangePasswordOutcome::Changed(device)) => {
            go_on("/account/sessions?said=changed", [cookies::device(&backend, &device)])?
        }
        Ok(ChangePasswordOutcome::WrongPresent) => again(StatusCode::OK, ChangePasswordProblem::PresentWrong),
        Ok(ChangePasswordOutcome::Slowed) => {
            again(StatusCode::TOO_MANY_REQUESTS, ChangePasswordProblem::Slowed)
        }
        Ok(ChangePasswordOutcome::Refused(error)) => {
            again(StatusCode::OK, ChangePasswordProblem::New(PasswordProblem::Refused(error)))
        }
        Err(Error::Conflict { code: "busy", .. }) => {
            again(StatusCode::SERVICE_UNAVAILABLE, ChangePasswordProblem::New(PasswordProblem::Busy))
        }
        Err(error) => return Err(error.into()),
    })
}

/// Lists the sessions.
pub(super) async fn list(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Query(query): Query<SessionsQuery>,
) -> Result<Response, PageError> {
    let notice = query.said.as_deref().and_then(AccountNotice::from_slug);
    let lines = list::sessions_of(&backend, &who).await?;
    Ok(html(StatusCode::OK, sessions_page(page, lines, notice)))
}

/// Ends one session, or all others. A session that no longer exists, or is someone else's, is not an error.
pub(super) async fn end(
    Session(who): Session,
    State(backend): State<Backend>,
    Form(form): Form<EndSessionForm>,
) -> Result<Response, PageError> {
    let ending = match form.session.parse() {
        Ok(session) => Some(SessionsToEnd::One { session }),
        Err(_) if form.session == "others" => Some(SessionsToEnd::Others),
        Err(_) => None,
    };
    let ended = match ending {
        Some(ending) => list::end_own(&backend, &who, ending).await.map(|_| ()),
        None => Ok(()),
    };
    Ok(ended.and_then(|()| go_on("/account/sessions?said=ended", []))?)
}
