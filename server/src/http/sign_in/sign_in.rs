//! Signing in.

use std::sync::Arc;

use app::features::sign_in::pages::sign_in::{SignInProblem, SignInReason, SignInView, sign_in_page};
use app::ui::family::FamilyPage;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::Response;
use backend::factors::passkeys::are_possible;
use backend::sessions::session::SignedIn;
use backend::sign_in::sign_in::{SignInOutcome, sign_in};
use backend::single_sign_on::offers::offers;
use backend::{Backend, Error};
use serde::Deserialize;

use super::next::{NextPath, destination};
use super::steps::onward_instead;
use crate::http::cookies::go_on;
use crate::http::extract::{Form, Query};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::visitor::Visiting;

/// The query parameters.
#[derive(Deserialize)]
pub(in crate::http) struct SignInQuery {
    #[serde(default)]
    next: NextPath,
    said: Option<String>,
    /// `password`: for people who still have one at a school that does not use passwords.
    with: Option<String>,
}

/// The submitted form.
#[derive(Deserialize)]
pub(in crate::http) struct SignInForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: NextPath,
}

/// Shows the form; redirects someone who is already signed in.
pub(in crate::http) async fn show(
    State(backend): State<Backend>,
    Family(page): Family,
    who: Option<Extension<Arc<SignedIn>>>,
    Query(query): Query<SignInQuery>,
) -> Result<Response, PageError> {
    let next = query.next;
    if let Some(Extension(who)) = who {
        let to = destination(who.actor.is_staff(), &next);
        return Ok(go_on(to, [])?);
    }
    let reason =
        query.said.as_deref().and_then(SignInReason::from_slug).or(next.path().map(|_| SignInReason::Ended));
    let by_password = query.with.as_deref() == Some("password");
    let passkeys = are_possible(&backend);
    let shown = SignInView { next: next.into_path(), reason, passkeys, by_password, ..SignInView::default() };
    form(&backend, page, StatusCode::OK, shown).await
}

/// Handles the submitted form.
pub(in crate::http) async fn enter(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    who: Option<Extension<Arc<SignedIn>>>,
    Form(submitted): Form<SignInForm>,
) -> Result<Response, PageError> {
    let again =
        |problem| again(&backend, page.clone(), submitted.name.clone(), submitted.next.clone(), problem);
    let (name, password) = (submitted.name.trim().is_empty(), submitted.password.is_empty());
    if name || password {
        return again(SignInProblem::Missing { name, password }).await;
    }
    Ok(match sign_in(&backend, &visitor, &submitted.name, &submitted.password).await {
        Ok(SignInOutcome::Refused) => again(SignInProblem::Refused).await?,
        Ok(SignInOutcome::OutsideDays(days)) => again(SignInProblem::OutsideDays(days.opens_on)).await?,
        Ok(SignInOutcome::Slowed) => again(SignInProblem::Slowed).await?,
        Err(Error::Conflict { .. }) => again(SignInProblem::Busy).await?,
        Ok(end) => onward_instead(&backend, who, end, &submitted.next).await?,
        Err(error) => return Err(error.into()),
    })
}

/// Shows the form again.
pub(in crate::http) async fn again(
    backend: &Backend,
    page: FamilyPage,
    name: String,
    next: NextPath,
    problem: SignInProblem,
) -> Result<Response, PageError> {
    let status = match problem {
        SignInProblem::Missing { .. }
        | SignInProblem::Refused
        | SignInProblem::OutsideDays(_)
        | SignInProblem::PasskeyRefused => StatusCode::OK,
        SignInProblem::Slowed => StatusCode::TOO_MANY_REQUESTS,
        SignInProblem::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    let shown = SignInView {
        name,
        next: next.into_path(),
        problem: Some(problem),
        reason: None,
        passkeys: are_possible(backend),
        // They were using the password form.
        by_password: problem != SignInProblem::PasskeyRefused,
    };
    form(backend, page, status, shown).await
}

async fn form(
    backend: &Backend,
    page: FamilyPage,
    status: StatusCode,
    shown: SignInView,
) -> Result<Response, PageError> {
    let offers = offers(backend).await?;
    Ok(html(status, sign_in_page(page, shown, offers)))
}
