//! Setting a new password after forgetting it, with a link or a one-time code. Only the last form uses it up.

use app::features::recovery::pages::reset::{ResetBy, reset_ended_page, reset_page};
use app::guard::cookie_of;
use app::ui::family::{FamilyPage, PasswordOwner, PasswordProblem};
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::credentials::new_password::SLOWED;
use backend::recovery::reset;
use backend::recovery::reset::{PasswordChooser, ResetOutcome};
use backend::sessions::session::SignedIn;
use backend::sign_in::flow::PendingSignIn;
use backend::{Backend, Error};
use domain::sign_in::steps::SignInStep;
use serde::Deserialize;

use crate::http::cookies;
use crate::http::cookies::{go_on, whole_token};
use crate::http::extract::{Form, Path, Query};
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::sign_in::next::NextPath;
use crate::http::sign_in::steps::{
    SignInStepQuery, onward, onward_instead, outside_days_at, start_again, waiting,
};
use crate::http::visitor::Visiting;

/// The chosen password, and where to go after it.
#[derive(Deserialize)]
pub(super) struct ResetPasswordForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: NextPath,
}

/// What the page shows about the person.
pub(super) fn owner(chooser: PasswordChooser) -> PasswordOwner {
    PasswordOwner {
        name: chooser.name,
        username: chooser.username,
        minimum: u32::try_from(chooser.rules.minimum).unwrap_or(u32::MAX),
    }
}

/// The link in a message: removes the token from the URL. The next page says whether it is still valid.
pub(super) async fn by_link(
    State(backend): State<Backend>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    Ok(go_on("/reset", [cookies::reset(&backend, whole_token(&token)?)])?)
}

fn token(backend: &Backend, headers: &HeaderMap) -> String {
    cookie_of(headers, cookies::reset_name(backend.config.is_https())).unwrap_or_default()
}

/// Shows the form behind a link. Does not use up the link.
pub(super) async fn show(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    Ok(match reset::opened(&backend, &token(&backend, &headers)).await? {
        Some(chooser) => html(StatusCode::OK, reset_page(page, ResetBy::Link, owner(chooser), None, None)),
        None => ended(&backend, page, &token(&backend, &headers)).await?,
    })
}

/// The page of a link that cannot be used: of one whose account cannot be used today, the sign-in page says why.
async fn ended(backend: &Backend, page: FamilyPage, token: &str) -> Result<Response, Error> {
    match reset::outside(backend, token).await? {
        Some(days) => go_on(&outside_days_at(days), []),
        None => Ok(html(StatusCode::OK, reset_ended_page(page))),
    }
}

/// Handles the form with the new password, which uses up the link.
pub(super) async fn save(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    who: Option<Extension<Arc<SignedIn>>>,
    headers: HeaderMap,
    Form(form): Form<ResetPasswordForm>,
) -> Result<Response, PageError> {
    let token = token(&backend, &headers);
    let chooser = match reset::opened(&backend, &token).await {
        Ok(Some(chooser)) => chooser,
        Ok(None) => return Ok(ended(&backend, page, &token).await?),
        Err(error) => return Err(error.into()),
    };
    let again = |wrong| reset_page(page.clone(), ResetBy::Link, owner(chooser), None, Some(wrong));
    if form.password.is_empty() {
        return Ok(html(StatusCode::OK, again(PasswordProblem::Missing)));
    }
    Ok(match reset::choose_with_link(&backend, &visitor, &token, &form.password).await {
        Ok(ResetOutcome::Chosen(end)) => {
            onward_instead(&backend, who, end, &NextPath::default()).await.and_then(|mut response| {
                let spent = cookies::no_reset(&backend).map_err(Error::unexpected)?;
                response.headers_mut().append(SET_COOKIE, spent);
                Ok(response)
            })?
        }
        Ok(ResetOutcome::Ended) => html(StatusCode::OK, reset_ended_page(page)),
        other => refused(page.clone(), other, again)?,
    })
}

/// Shows the form after a one-time code.
pub(super) async fn after_code(
    State(backend): State<Backend>,
    Family(page): Family,
    headers: HeaderMap,
    Query(query): Query<SignInStepQuery>,
) -> Result<Response, PageError> {
    Ok(match chooser_of_code(&backend, &headers).await? {
        Some((_, chooser)) => {
            let next = query.next.into_path();
            let by = begun_by(&chooser);
            html(StatusCode::OK, reset_page(page, by, owner(chooser), next, None))
        }
        None => start_again(&query.next)?,
    })
}

/// What began the sign-in: a code, or a password that is too short.
fn begun_by(chooser: &PasswordChooser) -> ResetBy {
    if chooser.has_short_password { ResetBy::ShortPassword } else { ResetBy::Code }
}

async fn chooser_of_code(
    backend: &Backend,
    headers: &HeaderMap,
) -> Result<Option<(PendingSignIn, PasswordChooser)>, Error> {
    let Some(waiting) = waiting(backend, headers, SignInStep::ChoosePassword).await? else { return Ok(None) };
    Ok(reset::waiting(backend, &waiting).await?.map(|chooser| (waiting, chooser)))
}

/// Handles the form with the new password, which uses up the code.
pub(super) async fn save_after_code(
    State(backend): State<Backend>,
    Family(page): Family,
    Visiting(visitor): Visiting,
    headers: HeaderMap,
    Form(form): Form<ResetPasswordForm>,
) -> Result<Response, PageError> {
    let (waiting, chooser) = match chooser_of_code(&backend, &headers).await {
        Ok(Some(found)) => found,
        Ok(None) => return start_again(&form.next),
        Err(error) => return Err(error.into()),
    };
    let next = form.next.clone().into_path();
    let by = begun_by(&chooser);
    let again = |wrong| reset_page(page.clone(), by, owner(chooser), next, Some(wrong));
    if form.password.is_empty() {
        return Ok(html(StatusCode::OK, again(PasswordProblem::Missing)));
    }
    Ok(match reset::choose_with_code(&backend, &visitor, &waiting, &form.password).await {
        Ok(ResetOutcome::Chosen(end)) => onward(&backend, end, &form.next)?,
        Ok(ResetOutcome::Ended) => start_again(&form.next)?,
        other => refused(page.clone(), other, again)?,
    })
}

/// Shows the form again, or an error page.
fn refused(
    page: FamilyPage,
    end: Result<ResetOutcome, Error>,
    again: impl FnOnce(PasswordProblem) -> String,
) -> Result<Response, PageError> {
    Ok(match end {
        Ok(ResetOutcome::Refused(error)) => html(StatusCode::OK, again(PasswordProblem::Refused(error))),
        Err(Error::Conflict { code: "busy", .. }) => {
            html(StatusCode::SERVICE_UNAVAILABLE, again(PasswordProblem::Busy))
        }
        Err(Error::Conflict { code: SLOWED, .. }) => {
            html(StatusCode::TOO_MANY_REQUESTS, again(PasswordProblem::Slowed))
        }
        Err(error) => return Err(error.into()),
        Ok(ResetOutcome::Chosen(_) | ResetOutcome::Ended) => html(StatusCode::OK, reset_ended_page(page)),
    })
}
