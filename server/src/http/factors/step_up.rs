//! Step-up: proving who you are again before a sensitive action. The action continues afterwards: a page is opened, and
//! a form, which is stored in the database in the meantime, is sent as it was.

use app::error::AppError;
use app::features::factors::pages::second_factor::{
    FactorProblem, PendingRequest, continue_page, step_up_page,
};
use app::features::single_sign_on::pages::visit::sign_in_again_page;
use app::ui::family::FamilyPage;
use axum::Form;
use axum::body::Body;
use axum::extract::{FromRequest as _, FromRequestParts as _, Query, Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::factors::step_up::{has_recent_step_up, step_up, step_up_by};
use backend::sessions::pending_form::{address, store, take};
use backend::sessions::session::SignedIn;
use backend::sessions::visitor::Visitor;
use backend::single_sign_on::offers::offers;
use backend::{Backend, Error};
use domain::factors::Judged;
use domain::ids::PendingFormId;
use serde::Deserialize;

use super::passkeys::shown;
use super::second_factor::status_of;
use crate::http::cookies::go_on;
use crate::http::family::{Family, html, problem};
use crate::http::office::refused;
use crate::http::session::{Session, encoded};
use crate::http::sign_in::next::Next;
use crate::http::visitor::Visiting;

/// What an address carries whose form is the one that is kept.
const PENDING_FORM: &str = "pending=";

/// Lets a request on whose sender has lately proved who they are, with the form that was kept for them instead of its
/// own; asks everyone else for a proof first.
pub(in crate::http) async fn only_after_step_up(
    mut parts: Parts,
    body: Body,
    backend: &Backend,
    who: &SignedIn,
    next: middleware::Next,
) -> Response {
    if !has_recent_step_up(backend, who) {
        return ask_first(parts, body, backend, who).await;
    }
    let Some(kept) = pending_form_in(&parts.uri) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let visitor = visitor(&mut parts, backend).await;
    match take(backend, who, &visitor, kept, parts.uri.path()).await {
        Ok(form) => {
            parts.headers.remove(CONTENT_LENGTH);
            next.run(Request::from_parts(parts, Body::from(form))).await
        }
        Err(error) => match Family::from_request_parts(&mut parts, backend).await {
            Ok(Family(page)) => gone(page, error),
            Err(answer) => answer,
        },
    }
}

/// The browser that asks.
async fn visitor(parts: &mut Parts, backend: &Backend) -> Visitor {
    match Visiting::from_request_parts(parts, backend).await {
        Ok(Visiting(visitor)) => visitor,
        Err(never) => match never {},
    }
}

/// Asks for the step-up before the request is carried out.
async fn ask_first(parts: Parts, body: Body, backend: &Backend, who: &SignedIn) -> Response {
    if parts.method == Method::GET {
        let path = encoded(parts.uri.path());
        return Redirect::to(&format!("/account/step-up?next={path}")).into_response();
    }
    let address = without_pending_form(&parts.uri);
    let mut parts = parts;
    let Family(page) = match Family::from_request_parts(&mut parts, backend).await {
        Ok(page) => page,
        Err(answer) => return answer,
    };
    let visitor = visitor(&mut parts, backend).await;
    // Up to what the route takes. Forms are ASCII (WHATWG URL, section 5.2).
    match String::from_request(Request::from_parts(parts, body), &()).await {
        Ok(form) => match store(backend, who, &visitor, &address, &form).await {
            Ok(kept) => ask(backend, who, page, PendingRequest::Form(kept), None).await,
            Err(error) => problem(page, error),
        },
        Err(refused) => refused.into_response(),
    }
}

/// The form that an address says is kept.
fn pending_form_in(uri: &Uri) -> Option<PendingFormId> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix(PENDING_FORM))?.parse().ok()
}

/// The path and the query of an address, but for that.
fn without_pending_form(uri: &Uri) -> String {
    let pairs = uri.query().unwrap_or_default().split('&');
    let query: Vec<&str> = pairs.filter(|pair| !pair.is_empty() && !pair.starts_with(PENDING_FORM)).collect();
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), query.join("&")) }
}

/// An address with the word that its form is kept.
fn with_pending_form(address: &str, kept: PendingFormId) -> String {
    let and = if address.contains('?') { '&' } else { '?' };
    format!("{address}{and}{PENDING_FORM}{kept}")
}

/// The page for a form that is not kept any more.
fn gone(page: FamilyPage, error: Error) -> Response {
    refused(page, AppError::from(error), "/", "Start")
}

async fn ask(
    backend: &Backend,
    who: &SignedIn,
    page: FamilyPage,
    pending: PendingRequest,
    wrong: Option<FactorProblem>,
) -> Response {
    match step_up_by(backend, who).await {
        Ok(Some(by)) => {
            let status = wrong.map_or(StatusCode::OK, status_of);
            html(status, step_up_page(page, by, pending, wrong))
        }
        Ok(None) => {
            let next = match pending {
                PendingRequest::Nothing => None,
                PendingRequest::Page(path) => Some(path),
                PendingRequest::Form(kept) => Some(format!("/account/step-up?form={kept}")),
            };
            match offers(backend).await {
                Ok(offers) => html(StatusCode::OK, sign_in_again_page(page, offers.providers, next)),
                Err(error) => problem(page, error),
            }
        }
        Err(error) => problem(page, error),
    }
}

/// What is pending, as addresses and forms carry it on.
#[derive(Deserialize)]
pub(super) struct Carried {
    #[serde(default)]
    next: Next,
    form: Option<PendingFormId>,
}

impl Carried {
    fn pending(self) -> PendingRequest {
        match (self.form, self.next.into_path()) {
            (Some(kept), _) => PendingRequest::Form(kept),
            (None, Some(path)) => PendingRequest::Page(path),
            (None, None) => PendingRequest::Nothing,
        }
    }
}

/// The step-up form; or a button to continue with the pending form, for someone who has just signed in again.
pub(super) async fn show(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Query(carried): Query<Carried>,
) -> Response {
    match carried.pending() {
        PendingRequest::Form(kept) if has_recent_step_up(&backend, &who) => {
            match address(&backend, &who, &visitor, kept).await {
                Ok(address) => html(StatusCode::OK, continue_page(page, with_pending_form(&address, kept))),
                Err(error) => gone(page, error),
            }
        }
        pending => ask(&backend, &who, page, pending, None).await,
    }
}

/// What the page sends.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    proof: String,
    #[serde(default)]
    proof_passkey: String,
    #[serde(flatten)]
    carried: Carried,
}

/// Checks the step-up and continues with the request.
pub(super) async fn enter(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(typed): Form<Typed>,
) -> Response {
    let pending = typed.carried.pending();
    let again = |wrong| ask(&backend, &who, page.clone(), pending.clone(), Some(wrong));
    let Some(proof) = shown(&typed.proof, &typed.proof_passkey) else {
        return again(FactorProblem::Missing).await;
    };
    match step_up(&backend, &who, &proof).await {
        Ok(Judged::Right) => match pending {
            PendingRequest::Form(kept) => match address(&backend, &who, &visitor, kept).await {
                // 307: the browser sends a form there, and the one that is kept takes its place.
                Ok(address) => Redirect::temporary(&with_pending_form(&address, kept)).into_response(),
                Err(error) => gone(page, error),
            },
            PendingRequest::Page(path) => go_on(&path, []).unwrap_or_else(|error| problem(page, error)),
            PendingRequest::Nothing => go_on("/", []).unwrap_or_else(|error| problem(page, error)),
        },
        Ok(Judged::Wrong) => again(FactorProblem::Wrong).await,
        Ok(Judged::Slowed) => again(FactorProblem::Slowed).await,
        Err(error) => problem(page, error),
    }
}
