//! Signing in with a provider: there, back, and "Verify your account".

use std::sync::Arc;

use app::features::single_sign_on::pages::visit::{
    ProviderFailure, VerifyProblem, VerifyView, provider_failure_page, sign_in_first_page, verify_code_page,
    verify_page,
};
use app::guard::cookie_of;
use app::ui::family::FamilyPage;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::sessions::session::SignedIn;
use backend::sign_in::sign_in::SignInOutcome;
use backend::single_sign_on::verify;
use backend::single_sign_on::verify::Unlinked;
use backend::single_sign_on::visit::{ProviderParams, VisitEnd, VisitStart, come_back, set_out};
use backend::{Backend, Error};
use domain::ids::{AccountId, ProviderId};
use serde::Deserialize;

use crate::http::cookies;
use crate::http::cookies::go_on;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::{Family, html, unhurried};
use crate::http::problem::PageError;
use crate::http::sign_in::next::NextPath;
use crate::http::sign_in::steps::{SignInStepQuery, onward, onward_instead, start_again, token};
use crate::http::visitor::Visiting;

/// Redirects to the provider. For someone who is signed in, this is a step-up.
pub(super) async fn go(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    who: Option<Extension<Arc<SignedIn>>>,
    Path(provider): Path<String>,
    Query(query): Query<SignInStepQuery>,
) -> Result<Response, PageError> {
    let Ok(provider) = provider.parse::<ProviderId>() else {
        return Err(Error::NotFound("identity provider").into());
    };
    Ok(match set_out(&backend, &visitor, provider, query.next.path(), who.is_some()).await? {
        VisitStart::Out { address, token } => go_on(&address, [cookies::visit(&backend, &token)])?,
        VisitStart::Unreachable => failed(page, ProviderFailure::Unreachable),
        VisitStart::Slowed => {
            let sentence = "Too many attempts from this network. Wait a few minutes and try again.";
            return Err(Error::Limited(sentence.to_owned()).into());
        }
    })
}

/// The parameters the provider sends back.
#[derive(Deserialize)]
pub(super) struct AuthorizationResponse {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Handles the return from the provider.
pub(super) async fn back(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    who: Option<Extension<Arc<SignedIn>>>,
    headers: HeaderMap,
    Path(provider): Path<String>,
    Query(response): Query<AuthorizationResponse>,
) -> Result<Response, PageError> {
    let Ok(provider) = provider.parse::<ProviderId>() else {
        return Err(Error::NotFound("identity provider").into());
    };
    let token = cookie_of(&headers, cookies::visit_name(backend.config.is_https())).unwrap_or_default();
    let AuthorizationResponse { state, code, error, iss } = response;
    let brought = ProviderParams { state, code, error, iss };
    let signed_in = who.as_ref().map(|Extension(who)| &**who);
    Ok(match come_back(&backend, &visitor, provider, &token, brought, signed_in).await? {
        VisitEnd::Known(end, next) => {
            let next = NextPath::from(next);
            onward_instead(&backend, who, end, &next).await?
        }
        VisitEnd::Unknown(name) => failed(page, ProviderFailure::Unknown(name)),
        VisitEnd::Cancelled => go_on("/sign-in?said=cancelled", [])?,
        VisitEnd::Clock => failed(page, ProviderFailure::Clock),
        VisitEnd::Unconfirmed => failed(page, ProviderFailure::Unconfirmed),
        VisitEnd::Unreachable => failed(page, ProviderFailure::Unreachable),
    })
}

fn failed(page: FamilyPage, failure: ProviderFailure) -> Response {
    html(StatusCode::OK, provider_failure_page(page, failure))
}

/// The submitted form.
#[derive(Deserialize)]
pub(super) struct VerifyAccountForm {
    #[serde(default)]
    code: String,
    account: Option<AccountId>,
    #[serde(default)]
    next: NextPath,
}

/// Shows the account to link, or the form for a code that proves which it is.
pub(super) async fn verify(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
    Query(query): Query<SignInStepQuery>,
) -> Result<Response, PageError> {
    shown(&backend, page, &headers, query.next, None).await
}

async fn shown(
    backend: &Backend,
    page: FamilyPage,
    headers: &HeaderMap,
    next: NextPath,
    wrong: Option<VerifyProblem>,
) -> Result<Response, PageError> {
    let unlinked = match Unlinked::of(backend, &token(backend, headers).unwrap_or_default()).await {
        Ok(Some(unlinked)) => unlinked,
        Ok(None) => return start_again(&next),
        Err(error) => return Err(error.into()),
    };
    let text = match unlinked.owner() {
        Some(_) if unlinked.owes_old_way() => {
            // Back to the provider afterwards: by then this browser has proved whose account it is.
            let provider = unlinked.provider_id();
            sign_in_first_page(page, unlinked.provider.clone(), format!("/sign-in/with/{provider}"))
        }
        Some(owner) => {
            let view = VerifyView {
                provider: unlinked.provider.clone(),
                person: owner.person,
                school: owner.school,
            };
            verify_page(page, view, next.into_path())
        }
        None => verify_code_page(page, unlinked.address().to_owned(), next.into_path(), wrong),
    };
    Ok(html(StatusCode::OK, text))
}

/// Handles the form with the code.
pub(super) async fn type_code(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(form): Form<VerifyAccountForm>,
) -> Result<Response, PageError> {
    if form.code.trim().is_empty() {
        return shown(&backend, page, &headers, form.next, Some(VerifyProblem::Missing)).await;
    }
    let token = token(&backend, &headers).unwrap_or_default();
    if unhurried(verify::type_code(&backend, &visitor, &token, &form.code)).await? {
        Ok(to_verify(&form.next)?)
    } else {
        shown(&backend, page, &headers, form.next, Some(VerifyProblem::Wrong)).await
    }
}

/// "Send me another code".
pub(super) async fn send_again(
    State(backend): State<Backend>,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(form): Form<VerifyAccountForm>,
) -> Result<Response, PageError> {
    let token = token(&backend, &headers).unwrap_or_default();
    Ok(unhurried(verify::send_again(&backend, &visitor, &token))
        .await
        .and_then(|()| to_verify(&form.next))?)
}

fn to_verify(next: &NextPath) -> Result<Response, Error> {
    go_on(&format!("/sign-in/verify{}", next.query()), [])
}

/// "Yes, this is me".
pub(super) async fn confirm(
    State(backend): State<Backend>,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(form): Form<VerifyAccountForm>,
) -> Result<Response, PageError> {
    let end = match (token(&backend, &headers), form.account) {
        (Some(token), Some(account)) => verify::confirm(&backend, &visitor, &token, account).await,
        _ => Ok(SignInOutcome::Refused),
    };
    Ok(end.and_then(|end| onward(&backend, end, &form.next))?)
}

/// "This is not me": forgets the identity, and nothing else.
pub(super) async fn not_me(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    verify::forget(&backend, &token(&backend, &headers).unwrap_or_default()).await?;
    Ok(failed(page, ProviderFailure::NotMe))
}
