//! The second factor as a step of a sign-in.

use app::features::factors::pages::second_factor::{FactorProblem, second_factor_page};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::Backend;
use backend::sign_in::flow::{FactorStep, show_second_factor};
use domain::sign_in::steps::Step;
use serde::Deserialize;

use super::passkeys::TypedFactor;
use crate::http::family::{Family, html, problem};
use crate::http::sign_in::next::Next;
use crate::http::sign_in::steps::{Arriving, onward, start_again, token, waiting};
use crate::http::visitor::Visiting;

/// What was typed, and where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(flatten)]
    factor: TypedFactor,
    #[serde(default)]
    next: Next,
}

/// The form in the middle of a sign-in.
pub(super) async fn show(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
    Query(arriving): Query<Arriving>,
) -> Response {
    match waiting(&backend, &headers, Step::SecondFactor).await {
        Ok(Some(waiting)) => html(
            StatusCode::OK,
            second_factor_page(page, waiting.has_passkeys, arriving.next.into_path(), None),
        ),
        Ok(None) => start_again(page),
        Err(error) => problem(page, error),
    }
}

/// Handles the form with the code.
pub(super) async fn enter(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    let passkeys = match waiting(&backend, &headers, Step::SecondFactor).await {
        Ok(Some(waiting)) => waiting.has_passkeys,
        Ok(None) => return start_again(page),
        Err(error) => return problem(page, error),
    };
    let again = |wrong| {
        let shown = second_factor_page(page.clone(), passkeys, typed.next.clone().into_path(), Some(wrong));
        html(status_of(wrong), shown)
    };
    let Some(shown) = typed.factor.shown() else { return again(FactorProblem::Missing) };
    let token = token(&backend, &headers).unwrap_or_default();
    match show_second_factor(&backend, &visitor, &token, &shown).await {
        Ok(FactorStep::Shown(end)) => {
            onward(&backend, end, &typed.next).unwrap_or_else(|error| problem(page, error))
        }
        Ok(FactorStep::Wrong) => again(FactorProblem::Wrong),
        Ok(FactorStep::Slowed) => again(FactorProblem::Slowed),
        Err(error) => problem(page, error),
    }
}

/// The status of a form that comes back.
pub(super) fn status_of(wrong: FactorProblem) -> StatusCode {
    match wrong {
        FactorProblem::Missing | FactorProblem::Wrong => StatusCode::OK,
        FactorProblem::Slowed => StatusCode::TOO_MANY_REQUESTS,
    }
}
