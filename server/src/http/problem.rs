//! Error pages. Handlers return `Result<Response, PageError>`, and one layer around all pages renders the
//! error in the language and theme of the request.

use std::sync::Arc;

use app::error::{AppError, ErrorKind};
use app::ui::family::{BackLink, FamilyConflict, FamilyPage, ProblemKind, problem_page};
use axum::body::HttpBody as _;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::{ACCEPT, ALLOW, CONTENT_SECURITY_POLICY};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use backend::sessions::session::SignedIn;
use backend::{Backend, Error};
use domain::authorization::policy::Refusal;

use super::family::{Family, html, look};

/// Why a page cannot be shown, and a link back.
#[derive(Debug, Clone)]
pub(super) struct PageError {
    status: StatusCode,
    kind: ProblemKind,
    way: Option<BackLink>,
}

impl PageError {
    /// Links back to another page than the home page.
    pub(super) fn back_to(mut self, to: &'static str, name: &str) -> Self {
        self.way = Some(BackLink { to, name: name.to_owned() });
        self
    }

    /// The error with this status.
    pub(super) fn of(status: StatusCode, kind: ProblemKind) -> Self {
        Self { status, kind, way: None }
    }

    /// Renders the page for this request.
    pub(super) fn page(self, page: FamilyPage) -> Response {
        html(self.status, problem_page(page, self.kind, self.way))
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        let (status, kind) = match error {
            // Nobody learns which ids exist where they have no role.
            Error::NotFound(_)
            | Error::Refused(Refusal::OtherOrganisation | Refusal::OtherSchool | Refusal::OneGroup) => {
                (StatusCode::NOT_FOUND, ProblemKind::NotFound)
            }
            Error::Refused(_) => (StatusCode::FORBIDDEN, ProblemKind::Refused),
            Error::Conflict { code: "busy", .. } => (StatusCode::SERVICE_UNAVAILABLE, ProblemKind::Busy),
            // These sentences are for the person who asked.
            error @ (Error::Conflict { .. } | Error::Limited(_) | Error::Invalid(_) | Error::Import(_)) => {
                return AppError::from(error).into();
            }
            Error::Unavailable(source) => {
                tracing::warn!(error = %source, "http.page.unavailable");
                (StatusCode::SERVICE_UNAVAILABLE, ProblemKind::Unavailable)
            }
            error @ Error::Unexpected(_) => {
                tracing::error!(%error, "http.page.unexpected");
                (StatusCode::INTERNAL_SERVER_ERROR, ProblemKind::Unexpected)
            }
        };
        Self { status, kind, way: None }
    }
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        let status = error.kind.status();
        let kind = match error.kind {
            ErrorKind::NotFound if error.code == "not_found" => ProblemKind::NotFound,
            ErrorKind::Refused if error.code == "refused" => ProblemKind::Refused,
            ErrorKind::Unavailable if error.code == "unavailable" => ProblemKind::Unavailable,
            ErrorKind::Unexpected => ProblemKind::Unexpected,
            kind => match FamilyConflict::from_code(&error.code) {
                Some(conflict) if kind == ErrorKind::Conflict => ProblemKind::Conflict(conflict),
                _ => {
                    let field = error.fields.0.into_iter().next().map(|field| field.message);
                    ProblemKind::Said { kind, text: field.unwrap_or(error.message) }
                }
            },
        };
        Self { status, kind, way: None }
    }
}

impl IntoResponse for PageError {
    /// The status, with the reason attached for [`shown`].
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What a browser shows for a response that is a status and nothing else, such as the router's for a page that is the
/// answer to a form and is opened by its address, as phones do with the tabs of the day before.
fn of_bare_status(asked: &Parts, response: &Response) -> Option<PageError> {
    let status = response.status();
    let shows_pages = asked
        .headers
        .get(ACCEPT)
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains("text/html"));
    let is_bare = response.body().size_hint().exact() == Some(0);
    if !shows_pages || !is_bare || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let kind = match status {
        StatusCode::METHOD_NOT_ALLOWED if asked.method != Method::POST => ProblemKind::AnswerToForm,
        StatusCode::NOT_FOUND => ProblemKind::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemKind::TooLarge,
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => ProblemKind::Busy,
        status if status.is_client_error() => ProblemKind::Malformed,
        _ => ProblemKind::Unexpected,
    };
    Some(PageError::of(status, kind))
}

/// Renders error pages.
pub(super) async fn shown(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let (mut asked, body) = request.into_parts();
    let response = next.run(Request::from_parts(asked.clone(), body)).await;
    let error = response.extensions().get::<PageError>().cloned();
    let Some(error) = error.or_else(|| of_bare_status(&asked, &response)) else { return response };
    // Where the database has not answered, the name of the school cannot be loaded either, and waiting for it would double
    // the wait. That of a signed-in person is known.
    let is_known = asked.extensions.get::<Arc<SignedIn>>().is_some();
    let family = match error.kind {
        ProblemKind::Unavailable if !is_known => None,
        _ => Family::from_request_parts(&mut asked, &backend).await.ok(),
    };
    let page = family.map_or_else(|| look(&asked), |Family(page)| page);
    let mut answer = error.page(page);
    // Keep the policy that inner layers have set for this page, and what a wrong method is answered with (RFC 9110,
    // section 15.5.6).
    for name in [CONTENT_SECURITY_POLICY, ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}
