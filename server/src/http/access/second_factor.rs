//! The second factor: as a step of a sign-in, and as a proof anew.

use app::features::access::pages::second_factor::{Asked, FactorProblem, prove_page, second_factor_page};
use app::ui::family::FamilyPage;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::Backend;
use backend::access::factors::check::Judged;
use backend::access::factors::prove::{ProofBy, proof_by, prove};
use backend::access::pending::{FactorStep, show_second_factor};
use domain::access::sign_in::Step;
use serde::Deserialize;

use super::super::family::{Family, html, problem};
use super::super::session::Session;
use super::super::visitor::Visiting;
use super::go_on;
use super::next::is_local;
use super::steps::{Arriving, START_AGAIN, onward, token, waiting};

/// What was typed, and where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
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
        Ok(Some(_)) => {
            let next = arriving.next.filter(|next| is_local(next));
            html(StatusCode::OK, second_factor_page(page, next, None))
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
    let again = |wrong| {
        let shown = second_factor_page(page.clone(), typed.next(), Some(wrong));
        html(status_of(wrong), shown)
    };
    if typed.code.trim().is_empty() {
        return again(FactorProblem::Missing);
    }
    let token = token(&backend, &headers).unwrap_or_default();
    match show_second_factor(&backend, &visitor, &token, &typed.code).await {
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

/// The form before what asks for a proof anew.
pub(super) async fn ask_anew(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Query(arriving): Query<Arriving>,
) -> Response {
    match proof_by(&backend, &who).await {
        Ok(by) => {
            let next = arriving.next.filter(|next| is_local(next));
            html(StatusCode::OK, prove_page(page, asked(by), next, None))
        }
        Err(error) => problem(page, error),
    }
}

/// The proof comes in: on to what was asked for.
pub(super) async fn prove_anew(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Form(typed): Form<Typed>,
) -> Response {
    let by = match proof_by(&backend, &who).await {
        Ok(by) => by,
        Err(error) => return problem(page, error),
    };
    let again = |page: FamilyPage, wrong| {
        html(status_of(wrong), prove_page(page, asked(by), typed.next(), Some(wrong)))
    };
    if typed.code.trim().is_empty() {
        return again(page, FactorProblem::Missing);
    }
    match prove(&backend, &who, &typed.code).await {
        Ok(Judged::Right) => {
            let to = typed.next().unwrap_or_else(|| "/".to_owned());
            go_on(&to, []).unwrap_or_else(|error| problem(page, error))
        }
        Ok(Judged::Wrong) => again(page, FactorProblem::Wrong),
        Ok(Judged::Slowed) => again(page, FactorProblem::Slowed),
        Err(error) => problem(page, error),
    }
}

fn asked(by: ProofBy) -> Asked {
    match by {
        ProofBy::SecondFactor => Asked::SecondFactor,
        ProofBy::Password => Asked::Password,
    }
}
