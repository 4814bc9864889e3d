//! One's own second factors.

use app::features::access::pages::second_factor::FactorProblem;
use app::features::access::pages::security::{
    AppSecret, RemovalProblem, SecuritySaid, app_page, codes_page, remove_page, renew_page, security_page,
};
use app::ui::family::FamilyPage;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use backend::access::factors::app::{SetUp, confirm, show};
use backend::access::factors::held;
use backend::access::factors::recovery::{NewCodes, renew};
use backend::access::factors::remove::{Removal, remove_app};
use backend::access::session::SignedIn;
use backend::{Backend, Error};
use domain::invitations::code::InvitationCode;
use serde::Deserialize;

use super::super::family::{Family, html, problem};
use super::super::session::Session;
use super::super::visitor::Visiting;
use super::second_factor::status_of;
use super::{cookies, go_on};

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Arriving {
    said: Option<String>,
}

/// The first code.
#[derive(Deserialize)]
pub(super) struct TypedCode {
    #[serde(default)]
    code: String,
}

/// Password and code.
#[derive(Deserialize)]
pub(super) struct TypedBoth {
    #[serde(default)]
    present: String,
    #[serde(default)]
    code: String,
}

/// Which there are.
pub(super) async fn list(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Query(arriving): Query<Arriving>,
) -> Response {
    let said = arriving.said.as_deref().and_then(SecuritySaid::from_slug);
    match held::own(&backend, &who).await {
        Ok(factors) => html(StatusCode::OK, security_page(page, factors, who.duty, said)),
        Err(error) => problem(page, error),
    }
}

/// What an app has to be told.
pub(super) async fn app(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Response {
    shown(&backend, &who, page, None).await
}

async fn shown(
    backend: &Backend,
    who: &SignedIn,
    page: FamilyPage,
    wrong: Option<FactorProblem>,
) -> Response {
    match show(backend, who).await {
        Ok(shown) => {
            let secret = AppSecret { uri: shown.uri, secret: shown.secret };
            html(wrong.map_or(StatusCode::OK, status_of), app_page(page, secret, wrong))
        }
        Err(error) => problem(page, error),
    }
}

/// The first code comes in.
pub(super) async fn save_app(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(typed): Form<TypedCode>,
) -> Response {
    if typed.code.trim().is_empty() {
        return shown(&backend, &who, page, Some(FactorProblem::Missing)).await;
    }
    match confirm(&backend, &who, &visitor, &typed.code).await {
        Ok(SetUp::Done { recovery_codes: Some(codes), device }) => {
            show_codes(&backend, page, &codes, &device)
        }
        Ok(SetUp::Done { recovery_codes: None, device }) => {
            go_on("/account/security?said=added", [cookies::device(&backend, &device)])
                .unwrap_or_else(|error| problem(page, error))
        }
        Ok(SetUp::Wrong) => shown(&backend, &who, page, Some(FactorProblem::Wrong)).await,
        Ok(SetUp::Slowed) => shown(&backend, &who, page, Some(FactorProblem::Slowed)).await,
        Ok(SetUp::Ended) => {
            go_on("/account/security?said=late", []).unwrap_or_else(|error| problem(page, error))
        }
        Err(error) => problem(page, error),
    }
}

fn show_codes(backend: &Backend, page: FamilyPage, codes: &[InvitationCode], device: &str) -> Response {
    let texts = codes.iter().map(ToString::to_string).collect();
    let mut response = html(StatusCode::OK, codes_page(page.clone(), texts));
    match cookies::device(backend, device) {
        Ok(cookie) => {
            response.headers_mut().append(SET_COOKIE, cookie);
            response
        }
        Err(error) => problem(page, Error::unexpected(error)),
    }
}

/// The question before new recovery codes.
pub(super) async fn ask_renew(_: Session, Family(page): Family) -> Response {
    html(StatusCode::OK, renew_page(page))
}

/// New recovery codes, shown this once.
pub(super) async fn renew_codes(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
) -> Response {
    match renew(&backend, &who, &visitor).await {
        Ok(NewCodes { codes, device }) => show_codes(&backend, page, &codes, &device),
        Err(error) => problem(page, error),
    }
}

/// The form that takes the app away.
pub(super) async fn ask_remove(_: Session, Family(page): Family) -> Response {
    html(StatusCode::OK, remove_page(page, None))
}

/// Password and code come in.
pub(super) async fn remove(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(typed): Form<TypedBoth>,
) -> Response {
    let again = |status, wrong| html(status, remove_page(page.clone(), Some(wrong)));
    if typed.present.is_empty() {
        return again(StatusCode::OK, RemovalProblem::PasswordMissing);
    }
    if typed.code.trim().is_empty() {
        return again(StatusCode::OK, RemovalProblem::Code(FactorProblem::Missing));
    }
    match remove_app(&backend, &who, &visitor, &typed.present, &typed.code).await {
        Ok(Removal::Removed(device)) => {
            go_on("/account/security?said=removed", [cookies::device(&backend, &device)])
                .unwrap_or_else(|error| problem(page, error))
        }
        Ok(Removal::WrongPassword) => again(StatusCode::OK, RemovalProblem::PasswordWrong),
        Ok(Removal::WrongCode) => again(StatusCode::OK, RemovalProblem::Code(FactorProblem::Wrong)),
        Ok(Removal::Slowed) => {
            again(StatusCode::TOO_MANY_REQUESTS, RemovalProblem::Code(FactorProblem::Slowed))
        }
        Err(error) => problem(page, error),
    }
}
