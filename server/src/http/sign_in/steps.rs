//! The steps between a correct password and a session: which page each step has, and where they lead.

use std::sync::Arc;

use app::features::sign_in::pages::sign_in::SignInReason;
use app::features::sign_in::pages::who::who_page;
use app::guard::cookie_of;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::credentials::days::OutsideDays;
use backend::sessions::session::SignedIn;
use backend::sessions::sign_out::sign_out;
use backend::sign_in::flow::{PendingSignIn, SignInFlow, choose_person};
use backend::sign_in::sign_in::SignInOutcome;
use backend::{Backend, Error};
use domain::ids::AccountId;
use domain::sign_in::steps::SignInStep;
use serde::Deserialize;

use super::next::{NextPath, destination};
use crate::http::cookies;
use crate::http::cookies::go_on;
use crate::http::extract::{Form, Query};
use crate::http::family::{Family, html};
use crate::http::invitations::PASSWORD;
use crate::http::problem::PageError;
use crate::http::visitor::Visiting;

/// The sign-in page, with a sentence about why the person has to start again.
fn start_again_at(next: &NextPath) -> String {
    format!("/sign-in?said=again{}", next.query().replace('?', "&"))
}

/// The sign-in page, with a sentence about the days of the account.
pub(in crate::http) fn outside_days_at(days: OutsideDays) -> String {
    format!("/sign-in?said={}", SignInReason::OutsideDays(days.opens_on).slug())
}

/// The page of a step.
fn page_of(step: SignInStep) -> &'static str {
    match step {
        SignInStep::VerifyAccount => "/sign-in/verify",
        SignInStep::ChoosePerson => "/sign-in/who",
        SignInStep::SecondFactor => "/sign-in/second-factor",
        SignInStep::ChoosePassword => "/sign-in/new-password",
        SignInStep::Enter => "/",
    }
}

/// Redirects from the end of one step to the next, or with a session to the requested page.
pub(in crate::http) fn onward(
    backend: &Backend,
    end: SignInOutcome,
    next: &NextPath,
) -> Result<Response, Error> {
    match end {
        SignInOutcome::Entered(session) => go_on(
            destination(session.staff, next),
            [
                cookies::session(backend, &session),
                cookies::device(backend, &session.device),
                cookies::no_sign_in_flow(backend),
            ],
        ),
        SignInOutcome::Owes(SignInFlow { token, step }) => {
            let to = format!("{}{}", page_of(step), next.query());
            go_on(&to, [cookies::sign_in_flow(backend, &token)])
        }
        SignInOutcome::Invited(token) => go_on(PASSWORD, [cookies::activation(backend, &token)]),
        SignInOutcome::OutsideDays(days) => {
            go_on(&outside_days_at(days), [cookies::no_sign_in_flow(backend)])
        }
        SignInOutcome::Refused | SignInOutcome::Slowed => {
            go_on(&start_again_at(next), [cookies::no_sign_in_flow(backend)])
        }
    }
}

/// Like [`onward`], and ends the previous session in this browser if somebody gets further.
pub(in crate::http) async fn onward_instead(
    backend: &Backend,
    before: Option<Extension<Arc<SignedIn>>>,
    end: SignInOutcome,
    next: &NextPath,
) -> Result<Response, Error> {
    let stays = matches!(end, SignInOutcome::Refused | SignInOutcome::OutsideDays(_) | SignInOutcome::Slowed);
    if let Some(Extension(before)) = before.filter(|_| !stays) {
        sign_out(backend, &before).await?;
    }
    onward(backend, end, next)
}

/// Redirects to the sign-in page if a sign-in expired or was already used.
pub(in crate::http) fn start_again(next: &NextPath) -> Result<Response, PageError> {
    Ok(go_on(&start_again_at(next), [])?)
}

/// The token of this browser's unfinished sign-in.
pub(in crate::http) fn token(backend: &Backend, headers: &HeaderMap) -> Option<String> {
    cookie_of(headers, cookies::sign_in_flow_name(backend.config.is_https()))
}

/// This browser's unfinished sign-in, if it is at this step.
pub(in crate::http) async fn waiting(
    backend: &Backend,
    headers: &HeaderMap,
    step: SignInStep,
) -> Result<Option<PendingSignIn>, Error> {
    let Some(token) = token(backend, headers) else { return Ok(None) };
    Ok(PendingSignIn::of(backend, &token).await?.filter(|waiting| waiting.step() == step))
}

/// Where to go after the last step.
#[derive(Deserialize)]
pub(in crate::http) struct SignInStepQuery {
    #[serde(default)]
    pub(in crate::http) next: NextPath,
}

/// The chosen person.
#[derive(Deserialize)]
pub(in crate::http) struct ChoosePersonForm {
    account: Option<AccountId>,
    #[serde(default)]
    next: NextPath,
}

/// Asks which of the people it is.
pub(in crate::http) async fn who(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
    Query(query): Query<SignInStepQuery>,
) -> Result<Response, PageError> {
    Ok(match waiting(&backend, &headers, SignInStep::ChoosePerson).await? {
        Some(waiting) => html(StatusCode::OK, who_page(page, waiting.people, query.next.into_path())),
        None => start_again(&query.next)?,
    })
}

/// Handles the choice.
pub(in crate::http) async fn choose(
    State(backend): State<Backend>,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(form): Form<ChoosePersonForm>,
) -> Result<Response, PageError> {
    let end = match (token(&backend, &headers), form.account) {
        (Some(token), Some(account)) => choose_person(&backend, &visitor, &token, account).await,
        _ => Ok(SignInOutcome::Refused),
    };
    Ok(end.and_then(|end| onward(&backend, end, &form.next))?)
}
