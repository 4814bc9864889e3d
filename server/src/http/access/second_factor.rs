//! The second factor as a step of a sign-in.

use app::features::access::pages::second_factor::{FactorProblem, second_factor_page};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::Backend;
use backend::access::pending::{FactorStep, show_second_factor};
use domain::access::sign_in::Step;
use serde::Deserialize;

use super::super::family::{Family, html, problem};
use super::super::visitor::Visiting;
use super::go_on;
use super::next::is_local;
use super::passkeys::TypedFactor;
use super::steps::{Arriving, START_AGAIN, onward, token, waiting};

/// What was typed, and where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(flatten)]
    factor: TypedFactor,
    next: Option<String>,
}

impl Typed {
    fn next(&self) -> Option<String> {
        self.next.clone().filter(|next| is_local(next))
    }
}

/// The form in the middle of a sign-in.
pub(super) async fn show(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
    Query(arriving): Query<Arriving>,
) -> Response {
    match waiting(&backend, &headers, Step::SecondFactor).await {
        Ok(Some(waiting)) => {
            let next = arriving.next.filter(|next| is_local(next));
            html(StatusCode::OK, second_factor_page(page, waiting.has_passkeys, next, None))
        }
        Ok(None) => go_on(START_AGAIN, []).unwrap_or_else(|error| problem(page, error)),
        Err(error) => problem(page, error),
    }
}

/// The code comes in.
pub(super) async fn enter(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    let passkeys = match waiting(&backend, &headers, Step::SecondFactor).await {
        Ok(Some(waiting)) => waiting.has_passkeys,
        Ok(None) => return go_on(START_AGAIN, []).unwrap_or_else(|error| problem(page, error)),
        Err(error) => return problem(page, error),
    };
    let again = |wrong| {
        let shown = second_factor_page(page.clone(), passkeys, typed.next(), Some(wrong));
        html(status_of(wrong), shown)
    };
    let Some(shown) = typed.factor.shown() else { return again(FactorProblem::Missing) };
    let token = token(&backend, &headers).unwrap_or_default();
    match show_second_factor(&backend, &visitor, &token, &shown).await {
        Ok(FactorStep::Shown(end)) => {
            onward(&backend, end, typed.next.as_deref()).unwrap_or_else(|error| problem(page, error))
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
