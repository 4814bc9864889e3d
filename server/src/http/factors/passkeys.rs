//! Challenges for passkeys, which the script of the family pages requests, and the forms that use a passkey
//! alone.

use std::sync::Arc;

use app::features::factors::pages::security::{PasskeyProblem, passkey_page};
use app::features::sign_in::pages::sign_in::SignInProblem;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use backend::factors::passkeys::add;
use backend::factors::passkeys::add::AddPasskeyOutcome;
use backend::factors::passkeys::challenge;
use backend::sessions::session::SignedIn;
use backend::sign_in::sign_in::SignInOutcome;
use backend::sign_in::with_passkey::{second_factor, sign_in_with_passkey};
use backend::{Backend, Error};
use domain::factors::{PasskeyAnswer, PasskeyChallenge, PresentedFactor};
use serde::Deserialize;

use super::security::after_adding;
use crate::http::extract::Form;
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;
use crate::http::sign_in::next::NextPath;
use crate::http::sign_in::sign_in;
use crate::http::sign_in::steps::{onward_instead, token};
use crate::http::visitor::Visiting;

/// A second factor in a form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SecondFactorFields {
    code: String,
    passkey: String,
}

impl SecondFactorFields {
    /// The second factor; `None` if nothing was typed.
    pub(super) fn shown(&self) -> Option<PresentedFactor> {
        shown(&self.code, &self.passkey)
    }
}

/// The second factor in a form with a field for a code and one for a passkey; `None` if both are empty.
pub(super) fn shown(code: &str, passkey: &str) -> Option<PresentedFactor> {
    match (passkey.is_empty(), code.trim().is_empty()) {
        (false, _) => Some(PresentedFactor::Passkey(read(passkey))),
        (true, false) => Some(PresentedFactor::Code(code.to_owned())),
        (true, true) => None,
    }
}

/// Parses the browser's answer. Invalid text becomes an answer to nothing.
fn read(passkey: &str) -> PasskeyAnswer {
    serde_json::from_str(passkey).unwrap_or_default()
}

/// The browser's answer, and where to go afterwards.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PasskeySignInForm {
    passkey: String,
    next: NextPath,
}

/// A name, and the passkey the browser created.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AddPasskeyForm {
    name: String,
    passkey: String,
}

/// A challenge for any passkey.
pub(super) async fn challenge_alone(State(backend): State<Backend>, Visiting(visitor): Visiting) -> Response {
    answer(challenge::alone(&backend, &visitor).await)
}

/// A challenge for a person in the middle of a sign-in.
pub(super) async fn challenge_waiting(State(backend): State<Backend>, headers: HeaderMap) -> Response {
    answer(second_factor(&backend, &token(&backend, &headers).unwrap_or_default()).await)
}

/// A challenge for the signed-in person.
pub(super) async fn challenge_own(Session(who): Session, State(backend): State<Backend>) -> Response {
    answer(challenge::for_step_up(&backend, &who).await)
}

/// A challenge for a new passkey.
pub(super) async fn challenge_new(Session(who): Session, State(backend): State<Backend>) -> Response {
    answer(add::begin(&backend, &who).await)
}

fn answer(challenge: Result<PasskeyChallenge, Error>) -> Response {
    match challenge {
        Ok(challenge) => Json(challenge).into_response(),
        Err(error) => app::error::AppError::from(error).kind.status().into_response(),
    }
}

/// Signs someone in with a passkey alone.
pub(super) async fn enter(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    who: Option<Extension<Arc<SignedIn>>>,
    Form(form): Form<PasskeySignInForm>,
) -> Result<Response, PageError> {
    Ok(match sign_in_with_passkey(&backend, &visitor, &read(&form.passkey)).await? {
        SignInOutcome::Refused | SignInOutcome::Slowed => {
            sign_in::again(&backend, page, String::new(), form.next, SignInProblem::PasskeyRefused).await?
        }
        end => onward_instead(&backend, who, end, &form.next).await?,
    })
}

/// Shows the form for a new passkey.
pub(super) async fn ask(_: Session, Family(page): Family) -> Response {
    html(StatusCode::OK, passkey_page(page, String::new(), None))
}

/// Handles the form with the new passkey.
pub(super) async fn add(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(form): Form<AddPasskeyForm>,
) -> Result<Response, PageError> {
    let AddPasskeyForm { name, passkey } = form;
    let wrong = match add::finish(&backend, &who, &visitor, &name, &read(&passkey)).await {
        Ok(AddPasskeyOutcome::Done { recovery_codes, device }) => {
            return after_adding(&backend, page, recovery_codes, &device);
        }
        Ok(AddPasskeyOutcome::Refused) => PasskeyProblem::Refused,
        Err(Error::Invalid(_)) => PasskeyProblem::Name,
        Err(error) => return Err(error.into()),
    };
    Ok(html(StatusCode::OK, passkey_page(page, name, Some(wrong))))
}
