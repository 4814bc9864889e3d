//! Signing in.

use std::sync::Arc;

use app::features::access::pages::sign_in::{SignInProblem, SignInView, sign_in_page};
use app::ui::family::FamilyPage;
use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use backend::access::session::SignedIn;
use backend::access::sign_in::sign_in;
use backend::access::sign_out::sign_out;
use backend::{Backend, Error};
use domain::access::password::Password;
use serde::Deserialize;

use super::super::family::{Family, html, problem};
use super::next::{destination, is_local};
use super::{cookies, go_on};

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Arriving {
    next: Option<String>,
    #[serde(rename = "signed-out")]
    signed_out: Option<String>,
}

/// What was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

/// The form; for someone who is signed in, the way on.
pub(super) async fn show(
    Family(page): Family,
    who: Option<Extension<Arc<SignedIn>>>,
    Query(arriving): Query<Arriving>,
) -> Response {
    let next = arriving.next.filter(|next| is_local(next));
    if let Some(Extension(who)) = who {
        let to = destination(who.actor.is_staff(), next.as_deref());
        return go_on(to, []).unwrap_or_else(|error| problem(page, error));
    }
    let shown = SignInView { next, signed_out: arriving.signed_out.is_some(), ..SignInView::default() };
    html(StatusCode::OK, sign_in_page(page, shown))
}

/// The form comes in.
pub(super) async fn enter(
    State(backend): State<Backend>,
    Family(page): Family,
    who: Option<Extension<Arc<SignedIn>>>,
    Form(typed): Form<Typed>,
) -> Response {
    let again = |problem| again(page.clone(), &typed, problem);
    let (name, password) = (typed.name.trim().is_empty(), typed.password.is_empty());
    if name || password {
        return again(SignInProblem::Missing { name, password });
    }
    let entered = match Password::typed(&typed.password) {
        Ok(password) => sign_in(&backend, &typed.name, &password).await,
        // Longer than any password can be, so it is not the right one.
        Err(_) => Ok(None),
    };
    let session = match entered {
        Ok(Some(session)) => session,
        Ok(None) => return again(SignInProblem::Refused),
        Err(Error::Conflict { .. }) => return again(SignInProblem::Busy),
        Err(error) => return problem(page, error),
    };
    // Whoever was signed in here before is not any more.
    if let Some(Extension(before)) = who
        && let Err(error) = sign_out(&backend, &before).await
    {
        return problem(page, error);
    }
    let to = destination(session.staff, typed.next.as_deref());
    go_on(to, [cookies::session(&backend, &session)]).unwrap_or_else(|error| problem(page, error))
}

fn again(page: FamilyPage, typed: &Typed, problem: SignInProblem) -> Response {
    let status = match problem {
        SignInProblem::Missing { .. } | SignInProblem::Refused => StatusCode::OK,
        SignInProblem::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    let shown = SignInView {
        name: typed.name.clone(),
        next: typed.next.clone().filter(|next| is_local(next)),
        problem: Some(problem),
        signed_out: false,
    };
    html(status, sign_in_page(page, shown))
}
