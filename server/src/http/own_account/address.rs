//! Your own email address: requesting another one, confirming it with the link sent there, and undoing it
//! with the link sent to the old one. Opening a link does not use it up; only the forms do.

use app::features::own_account::pages::address::{
    AddressProblem, TypedAddress, confirm_ended_page, confirm_page, confirmed_page, own_address_page,
    undo_ended_page, undo_page, undone_page,
};
use app::guard::cookie_of;
use app::ui::family::FamilyPage;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::own_account::address::ask;
use backend::own_account::address::ask::ChangeEmailOutcome;
use backend::own_account::address::{confirm, undo};
use backend::sessions::session::SignedIn;
use backend::{Backend, Error};
use serde::Deserialize;

use crate::http::cookies;
use crate::http::cookies::{go_on, whole_token};
use crate::http::extract::{Form, Path, Query};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;
use crate::http::visitor::Visiting;

/// The new address, as typed.
#[derive(Deserialize)]
pub(super) struct ChangeEmailForm {
    #[serde(default)]
    email: String,
}

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct OwnEmailQuery {
    said: Option<String>,
}

/// Shows the address, and the form for another one.
pub(super) async fn show(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Query(query): Query<OwnEmailQuery>,
) -> Result<Response, PageError> {
    let cancelled = query.said.as_deref() == Some("cancelled");
    shown(&backend, &who, page, StatusCode::OK, cancelled, None).await
}

async fn shown(
    backend: &Backend,
    who: &SignedIn,
    page: FamilyPage,
    status: StatusCode,
    cancelled: bool,
    typed: Option<TypedAddress>,
) -> Result<Response, PageError> {
    let own = ask::current_address(backend, who).await?;
    Ok(html(status, own_address_page(page, own, cancelled, typed)))
}

/// Requests another address.
pub(super) async fn ask(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Form(ChangeEmailForm { email }): Form<ChangeEmailForm>,
) -> Result<Response, PageError> {
    let wrong = if email.trim().is_empty() {
        Some(AddressProblem::Missing)
    } else {
        match ask::ask(&backend, &who, &email).await {
            Ok(ChangeEmailOutcome::Heard) => None,
            Ok(ChangeEmailOutcome::NoAddress) => Some(AddressProblem::Wrong),
            Ok(ChangeEmailOutcome::Same) => Some(AddressProblem::Same),
            Ok(ChangeEmailOutcome::Slowed) => Some(AddressProblem::Slowed),
            Err(error) => return Err(error.into()),
        }
    };
    Ok(match wrong {
        None => go_on("/account/email", [])?,
        Some(wrong) => {
            let slowed = wrong == AddressProblem::Slowed;
            let status = if slowed { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
            shown(&backend, &who, page, status, false, Some((email, wrong))).await?
        }
    })
}

/// Cancels the pending change. Having none is not an error.
pub(super) async fn cancel(
    Session(who): Session,
    State(backend): State<Backend>,
) -> Result<Response, PageError> {
    Ok(ask::cancel(&backend, &who).await.and_then(|()| go_on("/account/email?said=cancelled", []))?)
}

/// The link to the new address: removes the token from the URL. The next page says whether it is still valid.
pub(super) async fn by_confirm_link(
    State(backend): State<Backend>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    continue_with(&backend, &token, "/account/email/confirm")
}

/// The link to the old address, in the same way.
pub(super) async fn by_undo_link(
    State(backend): State<Backend>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    continue_with(&backend, &token, "/email/undo")
}

fn continue_with(backend: &Backend, token: &str, to: &str) -> Result<Response, PageError> {
    Ok(go_on(to, [cookies::address(backend, whole_token(token)?)])?)
}

fn token(backend: &Backend, headers: &HeaderMap) -> String {
    cookie_of(headers, cookies::address_name(backend.config.is_https())).unwrap_or_default()
}

/// Shows the question behind the link to the new address.
pub(super) async fn confirming(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    Ok(match confirm::opened(&backend, &who, &token(&backend, &headers)).await? {
        Some(address) => html(StatusCode::OK, confirm_page(page, address)),
        None => html(StatusCode::OK, confirm_ended_page(page, who.username.clone())),
    })
}

/// Confirms the new address and uses up the link.
pub(super) async fn confirm(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    Ok(match confirm::confirm(&backend, &who, &token(&backend, &headers)).await? {
        Some(address) => spent(&backend, confirmed_page(page, address))?,
        None => html(StatusCode::OK, confirm_ended_page(page, who.username.clone())),
    })
}

/// Shows the question behind the link to the old address.
pub(super) async fn undoing(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    Ok(match undo::opened(&backend, &token(&backend, &headers)).await? {
        Some(undoing) => html(StatusCode::OK, undo_page(page, undoing)),
        None => html(StatusCode::OK, undo_ended_page(page)),
    })
}

/// "This was not me": undoes the change and uses up the link.
pub(super) async fn undo(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    Ok(match undo::undo(&backend, &visitor, &token(&backend, &headers)).await? {
        Some(undone) => spent(&backend, undone_page(page, undone))?,
        None => html(StatusCode::OK, undo_ended_page(page)),
    })
}

/// A page that deletes the cookie with the link's token.
fn spent(backend: &Backend, text: String) -> Result<Response, PageError> {
    let cookie = cookies::no_address(backend).map_err(Error::unexpected)?;
    let mut response = html(StatusCode::OK, text);
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}
