//! Proving oneself anew, before what would do most harm in a stranger's hands. What was asked for goes on afterwards: a
//! page is opened, and a form is sent again as it was.

use app::features::access::pages::second_factor::{FactorProblem, Interrupted, prove_page};
use app::features::access::pages::single_sign_on::sign_in_again_page;
use app::ui::family::FamilyPage;
use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest as _, FromRequestParts as _, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::access::factors::prove::{SIGN_IN_AGAIN, proof_by, prove};
use backend::access::session::SignedIn;
use backend::access::single_sign_on::offers::offers;
use backend::{Backend, Error};
use domain::access::factors::{Judged, Shown};
use serde::Deserialize;

use super::go_on;
use super::next::Next;
use super::passkeys::shown;
use super::second_factor::status_of;
use crate::http::family::{Family, html, problem};
use crate::http::session::{Session, encoded};

/// The most that a form may carry to be sent again, in bytes. What is longer is typed again.
const KEPT: usize = 8 * 1024;

/// What a form carries.
type Fields = Vec<(String, String)>;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Arriving {
    #[serde(default)]
    next: Next,
}

/// What stands between whoever asks and what they asked for.
pub(in crate::http) async fn ask_first(
    parts: Parts,
    body: Body,
    backend: &Backend,
    who: &SignedIn,
) -> Response {
    let path = parts.uri.path().to_owned();
    if parts.method == Method::GET {
        return Redirect::to(&format!("/account/prove?next={}", encoded(&path))).into_response();
    }
    let mut parts = parts;
    let Family(page) = match Family::from_request_parts(&mut parts, backend).await {
        Ok(page) => page,
        Err(answer) => return answer,
    };
    let Ok(sent) = to_bytes(body, KEPT).await else {
        return ask(backend, who, page, Interrupted::default(), None).await;
    };
    let request = Request::from_parts(parts, Body::from(sent));
    match Form::<Fields>::from_request(request, &()).await {
        Ok(Form(fields)) => {
            let interrupted = Interrupted { next: None, form: Some((path, fields)) };
            ask(backend, who, page, interrupted, None).await
        }
        Err(refused) => refused.into_response(),
    }
}

async fn ask(
    backend: &Backend,
    who: &SignedIn,
    page: FamilyPage,
    interrupted: Interrupted,
    wrong: Option<FactorProblem>,
) -> Response {
    match proof_by(backend, who).await {
        Ok(by) => {
            let status = wrong.map_or(StatusCode::OK, status_of);
            html(status, prove_page(page, by, interrupted, wrong))
        }
        Err(Error::Conflict { code: SIGN_IN_AGAIN, .. }) => match offers(backend).await {
            Ok(offers) => html(StatusCode::OK, sign_in_again_page(page, offers.providers, interrupted.next)),
            Err(error) => problem(page, error),
        },
        Err(error) => problem(page, error),
    }
}

/// The form, before a page.
pub(super) async fn show(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Query(arriving): Query<Arriving>,
) -> Response {
    let next = arriving.next.into_path();
    ask(&backend, &who, page, Interrupted { next, form: None }, None).await
}

/// The proof comes in: on to what was asked for.
pub(super) async fn enter(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Form(fields): Form<Fields>,
) -> Response {
    let Typed { proof, interrupted } = Typed::of(fields);
    let again = |wrong| ask(&backend, &who, page.clone(), interrupted.clone(), Some(wrong));
    let Some(proof) = proof else { return again(FactorProblem::Missing).await };
    match prove(&backend, &who, &proof).await {
        Ok(Judged::Right) => match interrupted {
            // 307: the browser sends the form again, as it was.
            Interrupted { form: Some((path, _)), .. } => Redirect::temporary(&path).into_response(),
            Interrupted { next, .. } => {
                let to = next.unwrap_or_else(|| "/".to_owned());
                go_on(&to, []).unwrap_or_else(|error| problem(page, error))
            }
        },
        Ok(Judged::Wrong) => again(FactorProblem::Wrong).await,
        Ok(Judged::Slowed) => again(FactorProblem::Slowed).await,
        Err(error) => problem(page, error),
    }
}

/// The proof, and what it interrupted.
struct Typed {
    proof: Option<Shown>,
    interrupted: Interrupted,
}

impl Typed {
    fn of(mut fields: Fields) -> Self {
        let mut take = |name: &str| {
            let at = fields.iter().position(|(known, _)| known == name)?;
            Some(fields.remove(at).1)
        };
        let proof = shown(&take("proof").unwrap_or_default(), &take("proof_passkey").unwrap_or_default());
        let next = Next::from(take("proof_next")).into_path();
        let again = Next::from(take("proof_again")).into_path();
        Self { proof, interrupted: Interrupted { next, form: again.map(|again| (again, fields)) } }
    }
}
