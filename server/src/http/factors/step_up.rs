//! Step-up: confirming who you are again before a sensitive action. The action continues afterwards: a page
//! is opened; a form, which is stored in the database in the meantime, is sent unchanged, after its owner was shown
//! what it says ([`super::waiting`]).

use app::features::factors::pages::second_factor::{
    FactorProblem, PendingRequest, continue_page, step_up_page,
};
use app::features::factors::pages::waiting::WaitingView;
use app::features::single_sign_on::pages::visit::sign_in_again_page;
use app::ui::family::FamilyPage;
use axum::body::Body;
use axum::extract::{FromRequest as _, FromRequestParts as _, Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::factors::step_up::{has_recent_step_up, step_up, step_up_by};
use backend::sessions::pending_form::{SentForm, discard, store, take, waiting};
use backend::sessions::session::SignedIn;
use backend::sessions::visitor::Visitor;
use backend::single_sign_on::offers::offers;
use domain::factors::ProofOutcome;
use domain::ids::PendingFormId;
use serde::Deserialize;

use super::passkeys::shown;
use super::second_factor::status_of;
use super::waiting::view_of;
use crate::http::cookies::go_on;
use crate::http::extract::{Form, Query, malformed};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::{Session, encoded};
use crate::http::sessions::sender::FilledInOn;
use crate::http::sessions::stamp::PageAddress;
use crate::http::sign_in::next::NextPath;
use crate::http::visitor::Visiting;

/// The page that asks for a step-up.
pub(in crate::http) const STEP_UP: &str = "/account/step-up";

/// Where the form that waits for it is discarded.
pub(super) const DISCARD: &str = "/account/step-up/discard";

/// Its query parameter that names the form to continue with.
const CONTINUES: &str = "form=";

/// The query parameter of a request whose form is pending.
const PENDING_FORM: &str = "pending=";

/// Lets a request through if its sender has recently stepped up, with the pending form instead of its own
/// body. Asks everyone else to step up first.
pub(in crate::http) async fn only_after_step_up(
    parts: Parts,
    body: Body,
    backend: &Backend,
    who: &SignedIn,
    next: middleware::Next,
) -> Result<Response, PageError> {
    if !has_recent_step_up(backend, who) {
        return ask_first(parts, body, backend, who).await;
    }
    continued(parts, body, backend, who, next).await
}

/// Lets a request through, with the pending form that it names instead of its own body.
pub(in crate::http) async fn continued(
    mut parts: Parts,
    body: Body,
    backend: &Backend,
    who: &SignedIn,
    next: middleware::Next,
) -> Result<Response, PageError> {
    let Some(kept) = pending_form_in(&parts.uri).filter(|_| parts.method == Method::POST) else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let visitor = visitor(&mut parts, backend).await;
    let form = take(backend, who, &visitor, kept, parts.uri.path()).await?;
    parts.headers.remove(CONTENT_LENGTH);
    Ok(next.run(Request::from_parts(parts, Body::from(form))).await)
}

/// The browser that sent the request.
pub(in crate::http) async fn visitor(parts: &mut Parts, backend: &Backend) -> Visitor {
    match Visiting::from_request_parts(parts, backend).await {
        Ok(Visiting(visitor)) => visitor,
        Err(never) => match never {},
    }
}

/// Asks for the step-up before the request is carried out.
async fn ask_first(
    parts: Parts,
    body: Body,
    backend: &Backend,
    who: &SignedIn,
) -> Result<Response, PageError> {
    if parts.method == Method::GET {
        let path = encoded(parts.uri.path());
        return Ok(Redirect::to(&format!("{STEP_UP}?next={path}")).into_response());
    }
    let address = without_pending_form(&parts.uri);
    let mut parts = parts;
    let Family(page) = Family::from_request_parts(&mut parts, backend).await?;
    let visitor = visitor(&mut parts, backend).await;
    let kept = if let Some(kept) = pending_form_in(&parts.uri) {
        kept
    } else {
        let from = parts.extensions.remove::<FilledInOn>();
        let (page, secrets) = from.map_or((None, Vec::new()), |from| (from.page, from.secrets));
        // Up to the route's limit. Forms are ASCII (WHATWG URL, section 5.2).
        let form = String::from_request(Request::from_parts(parts, body), &()).await;
        let form = form.map_err(|_| malformed())?;
        let sent = SentForm { address: &address, form: &form, page: page.as_deref(), secrets: &secrets };
        store(backend, who, &visitor, &sent).await?
    };
    let mut response = ask(backend, who, &visitor, page, PendingRequest::Form(kept), None).await?;
    response.extensions_mut().insert(PageAddress(path_of_pending_form(kept)));
    Ok(response)
}

/// The page that continues with a pending form, after a step-up if none is recent.
pub(in crate::http) fn path_of_pending_form(kept: PendingFormId) -> String {
    format!("{STEP_UP}?{CONTINUES}{kept}")
}

/// The pending form that a URL names as its own.
pub(in crate::http) fn pending_form_in(uri: &Uri) -> Option<PendingFormId> {
    parameter(uri, PENDING_FORM)
}

/// The pending form that the page at a URL is about.
pub(in crate::http) fn named_form(uri: &Uri) -> Option<PendingFormId> {
    parameter(uri, if uri.path() == STEP_UP { CONTINUES } else { PENDING_FORM })
}

fn parameter(uri: &Uri, name: &str) -> Option<PendingFormId> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix(name))?.parse().ok()
}

/// A URL's path and query, without that parameter.
pub(in crate::http) fn without_pending_form(uri: &Uri) -> String {
    let pairs = uri.query().unwrap_or_default().split('&');
    let query: Vec<&str> = pairs.filter(|pair| !pair.is_empty() && !pair.starts_with(PENDING_FORM)).collect();
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), query.join("&")) }
}

/// A URL with the parameter that names its pending form.
pub(in crate::http) fn with_pending_form(address: &str, kept: PendingFormId) -> String {
    let and = if address.contains('?') { '&' } else { '?' };
    format!("{address}{and}{PENDING_FORM}{kept}")
}

async fn ask(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    page: FamilyPage,
    pending: PendingRequest,
    wrong: Option<FactorProblem>,
) -> Result<Response, PageError> {
    Ok(if let Some(by) = step_up_by(backend, who).await? {
        let status = wrong.map_or(StatusCode::OK, status_of);
        let waits = match pending {
            PendingRequest::Form(kept) => Some(shown_form(backend, who, visitor, kept).await?),
            PendingRequest::Page(_) | PendingRequest::Nothing => None,
        };
        html(status, step_up_page(page, by, pending, waits, wrong))
    } else {
        let next = match pending {
            PendingRequest::Nothing => None,
            PendingRequest::Page(path) => Some(path),
            PendingRequest::Form(kept) => Some(path_of_pending_form(kept)),
        };
        let offers = offers(backend).await?;
        html(StatusCode::OK, sign_in_again_page(page, offers.providers, next))
    })
}

/// What a pending form says, as its owner is shown it.
async fn shown_form(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    kept: PendingFormId,
) -> Result<WaitingView, PageError> {
    Ok(view_of(kept, waiting(backend, who, visitor, kept).await?))
}

/// What is pending, as URLs and forms carry it on.
#[derive(Deserialize)]
pub(super) struct PendingParams {
    #[serde(default)]
    next: NextPath,
    form: Option<PendingFormId>,
}

impl PendingParams {
    fn pending(self) -> PendingRequest {
        match (self.form, self.next.into_path()) {
            (Some(kept), _) => PendingRequest::Form(kept),
            (None, Some(path)) => PendingRequest::Page(path),
            (None, None) => PendingRequest::Nothing,
        }
    }
}

/// Shows the step-up form; or a button to continue with the pending form, for someone who has just signed in
/// again.
pub(super) async fn show(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Query(params): Query<PendingParams>,
) -> Result<Response, PageError> {
    Ok(match params.pending() {
        PendingRequest::Form(kept) if has_recent_step_up(&backend, &who) => {
            let waits = shown_form(&backend, &who, &visitor, kept).await?;
            html(StatusCode::OK, continue_page(page, with_pending_form(&waits.address, kept), waits))
        }
        pending => ask(&backend, &who, &visitor, page, pending, None).await?,
    })
}

/// The submitted form.
#[derive(Deserialize)]
pub(super) struct StepUpForm {
    #[serde(default)]
    proof: String,
    #[serde(default)]
    proof_passkey: String,
    #[serde(flatten)]
    params: PendingParams,
}

/// Checks the step-up and continues with the request.
pub(super) async fn enter(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(form): Form<StepUpForm>,
) -> Result<Response, PageError> {
    let pending = form.params.pending();
    let again = |wrong| ask(&backend, &who, &visitor, page.clone(), pending.clone(), Some(wrong));
    let Some(proof) = shown(&form.proof, &form.proof_passkey) else {
        return again(FactorProblem::Missing).await;
    };
    Ok(match step_up(&backend, &who, &proof).await? {
        ProofOutcome::Right => match pending {
            PendingRequest::Form(kept) => {
                let address = waiting(&backend, &who, &visitor, kept).await?.address;
                // 307: the browser sends a form there, and the pending one replaces it.
                Redirect::temporary(&with_pending_form(&address, kept)).into_response()
            }
            PendingRequest::Page(path) => go_on(&path, [])?,
            PendingRequest::Nothing => go_on("/", [])?,
        },
        ProofOutcome::Wrong => again(FactorProblem::Wrong).await?,
        ProofOutcome::ClockOff => again(FactorProblem::ClockOff).await?,
        ProofOutcome::Slowed => again(FactorProblem::Slowed).await?,
    })
}

/// The form of the button that discards what waits.
#[derive(Deserialize)]
pub(super) struct DiscardForm {
    form: PendingFormId,
    /// The page that it was filled in on.
    #[serde(default)]
    next: NextPath,
}

/// Discards the pending form.
pub(super) async fn discard_form(
    Session(who): Session,
    State(backend): State<Backend>,
    Form(form): Form<DiscardForm>,
) -> Result<Response, PageError> {
    discard(&backend, &who, form.form).await?;
    Ok(go_on(form.next.path().unwrap_or("/"), [])?)
}
