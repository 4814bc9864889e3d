//! Whose form it is. A form is only carried out for the person whose page it came from. If their session has ended,
//! or somebody else is signed in by now, it is kept for them, and they find it filled in on its page after signing
//! in again. Only the form that was drawn for the address is kept. Every route that requires signing in goes through
//! here.

use std::sync::Arc;

use app::features::sessions::pages::{ended_page, someone_else_page};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts as _, Request};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, REFERER};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Json, Redirect, Response};
use backend::Backend;
use backend::sessions::page_stamp::{Drawn, PageStamp};
use backend::sessions::pending_form::{FoundForm, discard, find, keep};
use backend::sessions::session::SignedIn;
use backend::sessions::visitor::Visitor;
use domain::authorization::access::{Access, Requires};
use domain::ids::PendingFormId;
use url::form_urlencoded::{Serializer, parse};

use super::stamp::{KeptForm, STAMP, Stamping, of_someone_else};
use crate::http::extract::read_body;
use crate::http::factors::step_up::{
    STEP_UP, named_form, pending_form_in, visitor, with_pending_form, without_pending_form,
};
use crate::http::family::{Family, html, look};
use crate::http::problem::PageError;
use crate::http::routes::guard;
use crate::http::session::{encoded, to_sign_in};
use crate::http::sign_in::next::NextPath;

/// The route that ends the session of the person signed in, even from a page of someone else.
pub(super) const SIGN_OUT: &str = "/sign-out";

/// A request on its way to its handler.
struct Admitted {
    request: Request,
    /// The page that a response belongs to.
    page: String,
    /// The form to show again on it.
    kept: Option<KeptForm>,
    /// The kept form that this request sends again.
    sent_again: Option<PendingFormId>,
}

/// Lets a request through to [`guard`] if it is of the person signed in, and stamps the page that is the answer.
pub(in crate::http) async fn admit(requires: Requires, request: Request, next: Next) -> Response {
    let Some(backend) = request.extensions().get::<Backend>().cloned() else {
        return guard(requires, request, next).await;
    };
    if requires.access == Access::Everybody {
        return guard(requires, request, next).await;
    }
    let (mut parts, body) = request.into_parts();
    let drawn = Drawn::now(backend.now(), &visitor(&mut parts, &backend).await);
    let who = parts.extensions.get::<Arc<SignedIn>>().cloned();
    let locale = look(&parts).locale;
    let admitted = match (&parts.method, &who) {
        (&Method::GET, Some(who)) => open(parts, body, &backend, who).await,
        (&Method::POST, _) => sent(parts, body, &backend, who.as_deref()).await,
        _ => return guard(requires, Request::from_parts(parts, body), next).await,
    };
    let Admitted { request, page, kept, sent_again } = match admitted {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let response = guard(requires, request, next).await;
    let Some(who) = who else { return response };
    if let Some(kept) = sent_again
        && response.status().is_redirection()
        && let Err(error) = discard(&backend, &who, kept).await
    {
        // It expires within an hour.
        tracing::warn!(%error, "http.form.not_discarded");
    }
    Stamping { keys: &backend.keys, account: who.account, page, locale, kept, drawn }.stamp(response).await
}

/// A page that is opened, perhaps to find a form again.
async fn open(mut parts: Parts, body: Body, backend: &Backend, who: &SignedIn) -> Result<Admitted, Response> {
    let page = path_of(&parts.uri);
    let mut kept = None;
    if let Some(id) = named_form(&parts.uri) {
        let visitor = visitor(&mut parts, backend).await;
        let found = find(backend, who, &visitor, id).await.map_err(refused)?;
        kept = match found {
            FoundForm::SomebodyElses => {
                return Err(someone_else(parts, backend, NextStep { path: page, is_kept: true }).await);
            }
            // The step-up page shows its form itself.
            _ if parts.uri.path() == STEP_UP => None,
            FoundForm::Own { address, form } => Some(KeptForm::Kept { id, address, form }),
            FoundForm::Gone => Some(KeptForm::Gone),
        };
    }
    Ok(Admitted { request: Request::from_parts(parts, body), page, kept, sent_again: None })
}

/// A form that was sent.
async fn sent(
    mut parts: Parts,
    body: Body,
    backend: &Backend,
    who: Option<&SignedIn>,
) -> Result<Admitted, Response> {
    if let Some(error) = who.and_then(|who| of_someone_else(&parts.headers, Some(backend), who)) {
        return Err((error.kind.status(), Json(error)).into_response());
    }
    let is_form = parts
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let (stamp, body) = if is_form {
        let bytes = read_body(parts.clone(), body).await.map_err(PageError::into_response)?;
        parts.headers.remove(CONTENT_LENGTH);
        let (stamp, form) = without_stamp(&bytes, backend);
        (stamp.map(|stamp| (stamp, form.clone())), Body::from(form))
    } else {
        (None, body)
    };
    let is_of_another = |stamp: &PageStamp| {
        who.is_some_and(|who| who.account != stamp.account && parts.uri.path() != SIGN_OUT)
    };
    match &stamp {
        Some((stamp, form)) if who.is_none() || is_of_another(stamp) => {
            let (stamp, form) = (stamp.clone(), form.clone());
            return Err(keep_for_its_owner(parts, backend, &stamp, &form, who.is_some()).await);
        }
        None if who.is_none() && is_by_script(&parts) => return Err(to_sign_in(&parts)),
        None if who.is_none() => {
            let next = referer(&parts);
            let page = page_of(&mut parts, backend).await?;
            return Err(html(StatusCode::UNAUTHORIZED, ended_page(page, next)));
        }
        _ => {}
    }
    let drawn = stamp.and_then(|(stamp, _)| stamp.form);
    let (page, secrets) = drawn.map_or((None, Vec::new()), |form| (Some(form.page), form.secrets));
    let page = page.or_else(|| referer(&parts));
    parts.extensions.insert(FilledInOn { page: page.clone(), secrets });
    let page = page.unwrap_or_else(|| "/".to_owned());
    let sent_again = page.parse().ok().as_ref().and_then(pending_form_in);
    Ok(Admitted { request: Request::from_parts(parts, body), page, kept: None, sent_again })
}

/// Keeps a form for the person it was drawn for, and says what to do.
async fn keep_for_its_owner(
    mut parts: Parts,
    backend: &Backend,
    stamp: &PageStamp,
    form: &[u8],
    is_at_a_taken_desk: bool,
) -> Response {
    let visitor = visitor(&mut parts, backend).await;
    let next = match keep_if_filled_in(&parts, backend, &visitor, stamp, form).await {
        Ok(next) => next,
        Err(answer) => return answer,
    };
    if is_at_a_taken_desk {
        return someone_else(parts, backend, next).await;
    }
    let said = if next.is_kept { "kept" } else { "unsent" };
    Redirect::to(&format!("/sign-in?said={said}&next={}", encoded(&next.path))).into_response()
}

/// Where a form that was sent was filled in.
#[derive(Debug, Clone)]
pub(in crate::http) struct FilledInOn {
    /// The path and query of its page, if known.
    pub(in crate::http) page: Option<String>,
    /// The names of its fields for passwords and codes.
    pub(in crate::http) secrets: Vec<String>,
}

/// Where the owner of a form continues.
struct NextStep {
    path: String,
    /// Whether the form waits there.
    is_kept: bool,
}

async fn keep_if_filled_in(
    parts: &Parts,
    backend: &Backend,
    visitor: &Visitor,
    stamp: &PageStamp,
    form: &[u8],
) -> Result<NextStep, Response> {
    let unsent = |path: String| NextStep { path, is_kept: false };
    let address = without_pending_form(&parts.uri);
    if address == SIGN_OUT {
        return Ok(unsent("/".to_owned()));
    }
    // The stamp of a page itself is no form's: it only says for whom, and everyone who saw the page could send it with
    // a form of their own.
    let Some(drawn) = &stamp.form else {
        return Ok(unsent(referer(parts).unwrap_or_else(|| "/".to_owned())));
    };
    let page = without_pending_form_in(&drawn.page);
    // One without anything to fill in does not have to wait: its page is enough.
    if !drawn.is_filled_in {
        return Ok(unsent(page));
    }
    let form = without_secrets(form, &drawn.secrets);
    let kept = keep(backend, visitor, stamp.account, drawn, &address, &form).await.map_err(refused)?;
    Ok(match kept {
        Some(id) => NextStep { path: with_pending_form(&page, id), is_kept: true },
        None => unsent(page),
    })
}

/// The page that says who is signed in now.
async fn someone_else(mut parts: Parts, backend: &Backend, next: NextStep) -> Response {
    match page_of(&mut parts, backend).await {
        Ok(page) => html(StatusCode::CONFLICT, someone_else_page(page, next.path, next.is_kept)),
        Err(answer) => answer,
    }
}

/// Splits the stamp from a form.
fn without_stamp(form: &Bytes, backend: &Backend) -> (Option<PageStamp>, Vec<u8>) {
    let is_stamp = |pair: &&[u8]| pair.split(|byte| *byte == b'=').next() == Some(STAMP.as_bytes());
    let mut stamp = None;
    let mut rest: Vec<&[u8]> = Vec::new();
    for pair in form.split(|byte| *byte == b'&') {
        if is_stamp(&pair) {
            let text = std::str::from_utf8(pair.get(STAMP.len() + 1..).unwrap_or_default());
            stamp = text.ok().and_then(|text| PageStamp::from_text(&backend.keys, text));
        } else {
            rest.push(pair);
        }
    }
    (stamp, rest.join(&b'&'))
}

/// A form without its passwords and codes.
fn without_secrets(form: &[u8], secrets: &[String]) -> String {
    let is_secret = |name: &str| name.contains("password") || secrets.iter().any(|secret| secret == name);
    let pairs = parse(form).filter(|(name, _)| !is_secret(name));
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Whether a script sent the request, and reads the status of its answer.
fn is_by_script(parts: &Parts) -> bool {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    header(ACCEPT.as_str()).is_some_and(|accepted| accepted.contains("application/json"))
        || header("sec-fetch-dest").is_some_and(|to| to != "document")
}

async fn page_of(parts: &mut Parts, backend: &Backend) -> Result<app::ui::family::FamilyPage, Response> {
    let page = Family::from_request_parts(parts, backend).await.map_err(PageError::into_response)?;
    Ok(page.0)
}

/// The page of this site that a request came from.
fn referer(parts: &Parts) -> Option<String> {
    let uri: Uri = parts.headers.get(REFERER)?.to_str().ok()?.parse().ok()?;
    NextPath::from(Some(path_of(&uri))).into_path()
}

fn path_of(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

fn without_pending_form_in(page: &str) -> String {
    page.parse::<Uri>().map_or_else(|_| "/".to_owned(), |uri| without_pending_form(&uri))
}

fn refused(error: backend::Error) -> Response {
    PageError::from(error).into_response()
}
