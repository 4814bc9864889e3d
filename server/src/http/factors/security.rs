//! Your own second factors.

use app::features::factors::pages::second_factor::FactorProblem;
use app::features::factors::pages::security::{
    AppSecret, FactorRemovalView, RemovalProblem, SecurityNotice, app_page, codes_page, remove_page,
    renew_page, security_page,
};
use app::ui::family::FamilyPage;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use backend::factors::app::{AuthenticatorSetupOutcome, confirm, show};
use backend::factors::current;
use backend::factors::passkeys::are_possible;
use backend::factors::recovery::{NewRecoveryCodes, renew};
use backend::factors::remove::{FactorToRemove, RemoveFactorOutcome, remove_own};
use backend::factors::step_up::has_one;
use backend::sessions::session::SignedIn;
use backend::single_sign_on::own::{identities_of, unlink_own};
use backend::{Backend, Error};
use domain::ids::{IdentityId, PasskeyId};
use domain::invitations::code::InvitationCode;
use serde::Deserialize;

use super::passkeys::SecondFactorFields;
use super::second_factor::status_of;
use crate::http::cookies;
use crate::http::cookies::go_on;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;
use crate::http::visitor::Visiting;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct SecurityQuery {
    said: Option<String>,
}

/// The first code.
#[derive(Deserialize)]
pub(super) struct ConfirmAppForm {
    #[serde(default)]
    code: String,
}

/// A password and a code.
#[derive(Deserialize)]
pub(super) struct RemoveFactorForm {
    #[serde(default)]
    present: String,
    #[serde(flatten)]
    factor: SecondFactorFields,
}

/// Lists them.
pub(super) async fn list(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Query(query): Query<SecurityQuery>,
) -> Result<Response, PageError> {
    let notice = query.said.as_deref().and_then(SecurityNotice::from_slug);
    let loaded = match current::own_factors(&backend, &who).await {
        Ok(factors) => identities_of(&backend, &who).await.map(|identities| (factors, identities)),
        Err(error) => Err(error),
    };
    let (factors, identities) = loaded?;
    let passkeys = are_possible(&backend);
    Ok(html(StatusCode::OK, security_page(page, factors, passkeys, identities, who.duty, notice)))
}

/// Shows what an app needs.
pub(super) async fn app(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Result<Response, PageError> {
    shown(&backend, &who, page, None).await
}

async fn shown(
    backend: &Backend,
    who: &SignedIn,
    page: FamilyPage,
    wrong: Option<FactorProblem>,
) -> Result<Response, PageError> {
    let shown = show(backend, who).await?;
    let secret = AppSecret { uri: shown.uri, secret: shown.secret };
    Ok(html(wrong.map_or(StatusCode::OK, status_of), app_page(page, secret, wrong)))
}

/// Handles the form with the first code.
pub(super) async fn save_app(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    Form(form): Form<ConfirmAppForm>,
) -> Result<Response, PageError> {
    if form.code.trim().is_empty() {
        return shown(&backend, &who, page, Some(FactorProblem::Missing)).await;
    }
    Ok(match confirm(&backend, &who, &visitor, &form.code).await? {
        AuthenticatorSetupOutcome::Done { recovery_codes: Some(codes), device } => {
            show_codes(&backend, page, &codes, &device)?
        }
        AuthenticatorSetupOutcome::Done { recovery_codes: None, device } => {
            go_on("/account/security?said=added", [cookies::device(&backend, &device)])?
        }
        AuthenticatorSetupOutcome::Wrong => shown(&backend, &who, page, Some(FactorProblem::Wrong)).await?,
        AuthenticatorSetupOutcome::ClockOff => {
            shown(&backend, &who, page, Some(FactorProblem::ClockOff)).await?
        }
        AuthenticatorSetupOutcome::Slowed => shown(&backend, &who, page, Some(FactorProblem::Slowed)).await?,
        AuthenticatorSetupOutcome::Ended => go_on("/account/security?said=late", [])?,
    })
}

/// Shows the first recovery codes, or the list if there are none.
pub(super) fn after_adding(
    backend: &Backend,
    page: FamilyPage,
    recovery_codes: Option<Vec<InvitationCode>>,
    device: &str,
) -> Result<Response, PageError> {
    Ok(match recovery_codes {
        Some(codes) => show_codes(backend, page, &codes, device)?,
        None => go_on("/account/security?said=added", [cookies::device(backend, device)])?,
    })
}

fn show_codes(
    backend: &Backend,
    page: FamilyPage,
    codes: &[InvitationCode],
    device: &str,
) -> Result<Response, PageError> {
    let texts = codes.iter().map(ToString::to_string).collect();
    let cookie = cookies::device(backend, device).map_err(Error::unexpected)?;
    let mut response = html(StatusCode::OK, codes_page(page, texts));
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// Asks before creating new recovery codes.
pub(super) async fn ask_renew(_: Session, Family(page): Family) -> Response {
    html(StatusCode::OK, renew_page(page))
}

/// Shows new recovery codes, this once.
pub(super) async fn renew_codes(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
) -> Result<Response, PageError> {
    let NewRecoveryCodes { codes, device } = renew(&backend, &who, &visitor).await?;
    show_codes(&backend, page, &codes, &device)
}

/// Shows the form that removes the app.
pub(super) async fn ask_remove_app(
    session: Session,
    state: State<Backend>,
    family: Family,
) -> Result<Response, PageError> {
    ask_remove(session, state, family, FactorToRemove::App).await
}

/// Shows the form that removes a passkey.
pub(super) async fn ask_remove_passkey(
    session: Session,
    state: State<Backend>,
    family: Family,
    Path(passkey): Path<PasskeyId>,
) -> Result<Response, PageError> {
    ask_remove(session, state, family, FactorToRemove::Passkey(passkey)).await
}

async fn ask_remove(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    which: FactorToRemove,
) -> Result<Response, PageError> {
    let removing = removing(&backend, &who, which).await?;
    Ok(html(StatusCode::OK, remove_page(page, removing, None)))
}

/// What the form shows. A factor that does not exist cannot be removed.
async fn removing(
    backend: &Backend,
    who: &SignedIn,
    which: FactorToRemove,
) -> Result<FactorRemovalView, Error> {
    let factors = current::own_factors(backend, who).await?;
    let has_passkeys = !factors.passkeys.is_empty();
    let passkey = match which {
        FactorToRemove::App if factors.app => None,
        FactorToRemove::App => return Err(Error::NotFound("app")),
        FactorToRemove::Passkey(id) => {
            let found = factors.passkeys.into_iter().find(|passkey| passkey.id == id);
            Some((id, found.ok_or(Error::NotFound("passkey"))?.name))
        }
    };
    Ok(FactorRemovalView { passkey, has_passkeys, asks_for_password: has_one(backend, who).await? })
}

/// Removes the app.
pub(super) async fn remove_app(
    session: Session,
    state: State<Backend>,
    family: Family,
    visiting: Visiting,
    form: Form<RemoveFactorForm>,
) -> Result<Response, PageError> {
    remove(session, state, family, visiting, FactorToRemove::App, form).await
}

/// Removes a passkey.
pub(super) async fn remove_passkey(
    session: Session,
    state: State<Backend>,
    family: Family,
    visiting: Visiting,
    Path(passkey): Path<PasskeyId>,
    form: Form<RemoveFactorForm>,
) -> Result<Response, PageError> {
    remove(session, state, family, visiting, FactorToRemove::Passkey(passkey), form).await
}

async fn remove(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    which: FactorToRemove,
    Form(form): Form<RemoveFactorForm>,
) -> Result<Response, PageError> {
    let removing = match removing(&backend, &who, which).await {
        Ok(removing) => removing,
        Err(error) => return Err(error.into()),
    };
    let by_password = removing.asks_for_password;
    let again = |status, wrong| html(status, remove_page(page.clone(), removing, Some(wrong)));
    if by_password && form.present.is_empty() {
        return Ok(again(StatusCode::OK, RemovalProblem::PasswordMissing));
    }
    let Some(shown) = form.factor.shown() else {
        return Ok(again(StatusCode::OK, RemovalProblem::Code(FactorProblem::Missing)));
    };
    Ok(match remove_own(&backend, &who, &visitor, which, &form.present, &shown).await? {
        RemoveFactorOutcome::Removed(device) => {
            go_on("/account/security?said=removed", [cookies::device(&backend, &device)])?
        }
        RemoveFactorOutcome::WrongPassword => again(StatusCode::OK, RemovalProblem::PasswordWrong),
        RemoveFactorOutcome::WrongCode => again(StatusCode::OK, RemovalProblem::Code(FactorProblem::Wrong)),
        RemoveFactorOutcome::ClockOff => again(StatusCode::OK, RemovalProblem::Code(FactorProblem::ClockOff)),
        RemoveFactorOutcome::Slowed => {
            again(StatusCode::TOO_MANY_REQUESTS, RemovalProblem::Code(FactorProblem::Slowed))
        }
    })
}

/// The identity to remove.
#[derive(Deserialize)]
pub(super) struct UnlinkIdentityForm {
    identity: Option<IdentityId>,
}

/// Removes a linked identity.
pub(super) async fn remove_identity(
    Session(who): Session,
    State(backend): State<Backend>,
    Visiting(visitor): Visiting,
    Form(form): Form<UnlinkIdentityForm>,
) -> Result<Response, PageError> {
    let removed = match form.identity {
        Some(identity) => unlink_own(&backend, &who, &visitor, identity).await,
        None => Err(Error::NotFound("identity")),
    };
    Ok(removed
        .and_then(|device| go_on("/account/security?said=unlinked", [cookies::device(&backend, &device)]))?)
}
