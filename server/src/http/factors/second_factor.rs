//! The second factor as a step of a sign-in.

use app::features::factors::pages::second_factor::{FactorProblem, second_factor_page};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::Backend;
use backend::sign_in::flow::{SecondFactorOutcome, show_second_factor};
use domain::sign_in::steps::SignInStep;
use serde::Deserialize;

use super::passkeys::SecondFactorFields;
use crate::http::extract::{Form, Query};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::sign_in::next::NextPath;
use crate::http::sign_in::steps::{SignInStepQuery, onward, start_again, token, waiting};
use crate::http::visitor::Visiting;

/// The submitted form, and where to go afterwards.
#[derive(Deserialize)]
pub(super) struct SecondFactorForm {
    #[serde(flatten)]
    factor: SecondFactorFields,
    #[serde(default)]
    next: NextPath,
}

/// Shows the form in the middle of a sign-in.
pub(super) async fn show(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
    Query(query): Query<SignInStepQuery>,
) -> Result<Response, PageError> {
    Ok(match waiting(&backend, &headers, SignInStep::SecondFactor).await? {
        Some(waiting) => {
            html(StatusCode::OK, second_factor_page(page, waiting.has_passkeys, query.next.into_path(), None))
        }
        None => start_again(&query.next)?,
    })
}

/// Handles the form with the code.
pub(super) async fn enter(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(form): Form<SecondFactorForm>,
) -> Result<Response, PageError> {
    let passkeys = match waiting(&backend, &headers, SignInStep::SecondFactor).await {
        Ok(Some(waiting)) => waiting.has_passkeys,
        Ok(None) => return start_again(&form.next),
        Err(error) => return Err(error.into()),
    };
    let again = |wrong| {
        let shown = second_factor_page(page.clone(), passkeys, form.next.clone().into_path(), Some(wrong));
        html(status_of(wrong), shown)
    };
    let Some(shown) = form.factor.shown() else { return Ok(again(FactorProblem::Missing)) };
    let token = token(&backend, &headers).unwrap_or_default();
    Ok(match show_second_factor(&backend, &visitor, &token, &shown).await? {
        SecondFactorOutcome::Shown(end) => onward(&backend, end, &form.next)?,
        SecondFactorOutcome::Wrong => again(FactorProblem::Wrong),
        SecondFactorOutcome::ClockOff => again(FactorProblem::ClockOff),
        SecondFactorOutcome::Slowed => again(FactorProblem::Slowed),
    })
}

/// The status of a form shown again with an error.
pub(super) fn status_of(wrong: FactorProblem) -> StatusCode {
    match wrong {
        FactorProblem::Missing | FactorProblem::Wrong | FactorProblem::ClockOff => StatusCode::OK,
        FactorProblem::Slowed => StatusCode::TOO_MANY_REQUESTS,
    }
}
