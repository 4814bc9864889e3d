//! From an invitation to an active account. Only the last form uses up the invitation.

use app::features::invitations::pages::activate::{
    CodeProblem, InvitedPerson, check_page, code_page, ended_page, not_me_page, outside_days_page,
    password_page, resend_page,
};
use app::guard::cookie_of;
use app::ui::family::{FamilyPage, PasswordProblem};
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::credentials::new_password::SLOWED;
use backend::guardians::family::asked::to_ask;
use backend::invitations::activate::{Activation, activate};
use backend::invitations::{by_code, open};
use backend::recovery::requests;
use backend::recovery::requests::RecoveryKind;
use backend::sessions::session::SignedIn;
use backend::sessions::visitor::Visitor;
use backend::sign_in::sign_in::after_activation;
use backend::single_sign_on::offers::offers;
use backend::{Backend, Error};
use chrono::NaiveDate;
use domain::guardians::family::AskedChild;
use domain::ids::AccountId;
use domain::invitations::views::Opening;
use serde::Deserialize;

use crate::http::cookies;
use crate::http::cookies::{go_on, whole_token};
use crate::http::extract::{Form, Path};
use crate::http::family::{Family, html, unhurried};
use crate::http::problem::PageError;
use crate::http::sign_in::next::NextPath;
use crate::http::sign_in::steps::onward_instead;
use crate::http::visitor::Visiting;

/// Where the password is chosen.
pub(in crate::http) const PASSWORD: &str = "/activate/password";
/// Where a guardian says which children are theirs.
pub(super) const CHILDREN: &str = "/activate/children";

/// The submitted username and code.
#[derive(Deserialize)]
pub(super) struct ActivationCodeForm {
    #[serde(default)]
    username: String,
    #[serde(default)]
    code: String,
}

/// The chosen password.
#[derive(Deserialize)]
pub(super) struct ActivationPasswordForm {
    #[serde(default)]
    password: String,
}

/// The link in a message: removes the token from the URL.
pub(super) async fn by_link(
    State(backend): State<Backend>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    // The next page says whether it is still valid.
    Ok(go_on("/activate/check", [cookies::activation(&backend, whole_token(&token)?)])?)
}

/// Shows the form for username and code.
pub(super) async fn show(Family(page): Family) -> Response {
    html(StatusCode::OK, code_page(page, String::new(), None))
}

/// Handles the form with username and code.
pub(super) async fn by_code(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(form): Form<ActivationCodeForm>,
) -> Result<Response, PageError> {
    let again = |problem| html(StatusCode::OK, code_page(page.clone(), form.username.clone(), Some(problem)));
    let (username, code) = (form.username.trim().is_empty(), form.code.trim().is_empty());
    if username || code {
        return Ok(again(CodeProblem::Missing { username, code }));
    }
    Ok(match unhurried(by_code::by_code(&backend, &visitor, &form.username, &form.code)).await? {
        Some(token) => {
            // Only a person types a code.
            open::went_on(&backend, &token).await?;
            go_on("/activate/check", [cookies::activation(&backend, &token)])?
        }
        None => again(CodeProblem::Refused),
    })
}

/// Shows the person, to check that it is them.
pub(super) async fn check(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    Ok(match opened(&backend, &headers).await {
        Ok(Some(OpenedInvitation::Ready(invited))) => {
            let asks = !children_of(&backend, &headers).await?.is_empty();
            // Whose children they are is asked before the account is used in any way.
            let providers = if asks { Vec::new() } else { offers(&backend).await?.providers };
            let next = if asks { CHILDREN } else { PASSWORD };
            let next = (asks || invited.takes_password).then_some(next);
            html(StatusCode::OK, check_page(titled(page, &invited), invited, next, providers))
        }
        other => not_ready(page, other)?,
    })
}

/// A script says that someone used the page: a click, a key or a touch. Mail scanners only fetch pages.
pub(super) async fn here(
    State(backend): State<Backend>,
    headers: HeaderMap,
) -> Result<StatusCode, PageError> {
    if let Some(token) = token(&backend, &headers) {
        open::went_on(&backend, &token).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// "This is not me": soon forgets the invitation in this browser, and does nothing else.
pub(super) async fn not_me(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let cookie = match token(&backend, &headers) {
        Some(token) => cookies::refused_activation(&backend, &token),
        None => cookies::no_activation(&backend),
    }
    .map_err(Error::unexpected)?;
    let mut response = html(StatusCode::OK, not_me_page(page));
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// Shows the form for the password.
pub(super) async fn choose(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    Ok(match opened(&backend, &headers).await {
        Ok(Some(OpenedInvitation::Ready(invited))) if !invited.takes_password => {
            go_on("/activate/check", [])?
        }
        Ok(Some(OpenedInvitation::Ready(_))) if !children_of(&backend, &headers).await?.is_empty() => {
            go_on(CHILDREN, [])?
        }
        Ok(Some(OpenedInvitation::Ready(invited))) => {
            html(StatusCode::OK, password_page(titled(page, &invited), invited, None))
        }
        other => not_ready(page, other)?,
    })
}

/// Handles the form with the password: activates the account and signs the person in.
pub(super) async fn save(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    who: Option<Extension<Arc<SignedIn>>>,
    headers: HeaderMap,
    Form(form): Form<ActivationPasswordForm>,
) -> Result<Response, PageError> {
    let invited = match opened(&backend, &headers).await {
        Ok(Some(OpenedInvitation::Ready(invited))) => invited,
        other => return not_ready(page, other),
    };
    let token = token(&backend, &headers).unwrap_or_default();
    open::went_on(&backend, &token).await?;
    if !to_ask(&backend, &token).await?.is_empty() {
        return Ok(go_on(CHILDREN, [])?);
    }
    let page = titled(page, &invited);
    let again = |status, problem| html(status, password_page(page.clone(), invited.clone(), Some(problem)));
    if form.password.is_empty() {
        return Ok(again(StatusCode::OK, PasswordProblem::Missing));
    }
    Ok(match activate(&backend, &visitor, &token, &form.password).await {
        Ok(Activation::Active(account)) => enter(&backend, &visitor, who, account).await?,
        Ok(Activation::PasswordRefused(error)) => again(StatusCode::OK, PasswordProblem::Refused(error)),
        Ok(Activation::Ended) => html(StatusCode::OK, ended_page(page)),
        Err(Error::Conflict { code: "busy", .. }) => {
            again(StatusCode::SERVICE_UNAVAILABLE, PasswordProblem::Busy)
        }
        Err(Error::Conflict { code: SLOWED, .. }) => {
            again(StatusCode::TOO_MANY_REQUESTS, PasswordProblem::Slowed)
        }
        Err(error) => return Err(error.into()),
    })
}

async fn enter(
    backend: &Backend,
    visitor: &Visitor,
    who: Option<Extension<Arc<SignedIn>>>,
    account: AccountId,
) -> Result<Response, Error> {
    let end = after_activation(backend, visitor, account).await?;
    let mut response = onward_instead(backend, who, end, &NextPath::default()).await?;
    let spent = cookies::no_activation(backend).map_err(Error::unexpected)?;
    response.headers_mut().append(SET_COOKIE, spent);
    Ok(response)
}

/// "Send me a new code": by the typed username, or by the opened invitation. The response is always the same.
pub(super) async fn resend(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(form): Form<ActivationCodeForm>,
) -> Result<Response, PageError> {
    let sent = unhurried(async {
        let token = token(&backend, &headers);
        let (wanted, of) = match (form.username.trim(), &token) {
            ("", Some(token)) => (RecoveryKind::InvitationOfLink, token.as_str()),
            (username, _) => (RecoveryKind::Invitation, username),
        };
        requests::ask(&backend, &visitor, wanted, of).await
    });
    // Someone who asks too often gets the same response as the others.
    sent.await?;
    Ok(html(StatusCode::OK, resend_page(page)))
}

pub(super) enum OpenedInvitation {
    Ready(InvitedPerson),
    OutsideDays(Option<NaiveDate>),
    Ended,
}

pub(super) fn token(backend: &Backend, headers: &HeaderMap) -> Option<String> {
    cookie_of(headers, cookies::activation_name(backend.config.is_https())).filter(|token| !token.is_empty())
}

/// The invitation that this browser has opened, if any.
pub(super) async fn opened(
    backend: &Backend,
    headers: &HeaderMap,
) -> Result<Option<OpenedInvitation>, Error> {
    let Some(token) = token(backend, headers) else { return Ok(None) };
    Ok(Some(match open::open(backend, &token).await? {
        Opening::Ready { view } => OpenedInvitation::Ready(InvitedPerson {
            name: view.name,
            username: view.username,
            school: view.school,
            office: view.office,
            minimum: view.password_minimum,
            takes_password: view.takes_password,
            is_staff: view.is_staff,
        }),
        Opening::OutsideDays { opens_on } => OpenedInvitation::OutsideDays(opens_on),
        Opening::Ended => OpenedInvitation::Ended,
    }))
}

/// The children that the invitation in this browser names and that nobody has answered about.
pub(super) async fn children_of(backend: &Backend, headers: &HeaderMap) -> Result<Vec<AskedChild>, Error> {
    match token(backend, headers) {
        Some(token) => to_ask(backend, &token).await,
        None => Ok(Vec::new()),
    }
}

/// Names the inviting school and its office.
pub(super) fn titled(page: FamilyPage, invited: &InvitedPerson) -> FamilyPage {
    FamilyPage { school: invited.school.clone(), office: invited.office.clone(), ..page }
}

pub(super) fn not_ready(
    page: FamilyPage,
    opened: Result<Option<OpenedInvitation>, Error>,
) -> Result<Response, PageError> {
    Ok(match opened? {
        Some(OpenedInvitation::OutsideDays(opens_on)) => {
            html(StatusCode::OK, outside_days_page(page, opens_on))
        }
        Some(_) => html(StatusCode::OK, ended_page(page)),
        None => go_on("/activate", [])?,
    })
}
