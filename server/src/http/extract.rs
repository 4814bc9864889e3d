//! The forms, queries and paths that handlers read. One place, so that what cannot be read is answered with a
//! page and a sentence everywhere; clippy forbids axum's own.

use app::ui::family::ProblemKind;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse as _;
use serde::de::DeserializeOwned;

use super::problem::PageError;
use super::well_formed::form_has_nul;

/// A submitted form (`application/x-www-form-urlencoded`).
#[derive(Debug, Clone)]
pub(in crate::http) struct Form<T>(pub(in crate::http) T);

/// The fields of a form in which some may be sent several times.
#[derive(Debug, Clone)]
pub(in crate::http) struct Fields(pub(in crate::http) Vec<(String, String)>);

impl Fields {
    /// The value of a field; empty if it was not sent.
    pub(in crate::http) fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// What could be read of a field that is sent once for each box that is ticked.
    pub(in crate::http) fn all<T: std::str::FromStr, C: FromIterator<T>>(&self, name: &str) -> C {
        self.0.iter().filter(|(field, _)| field == name).filter_map(|(_, value)| value.parse().ok()).collect()
    }
}

/// The query of a URL.
#[derive(Debug, Clone)]
pub(in crate::http) struct Query<T>(pub(in crate::http) T);

/// The parts of a path that its route names.
#[derive(Debug, Clone)]
pub(in crate::http) struct Path<T>(pub(in crate::http) T);

#[expect(clippy::disallowed_types, reason = "this is where forms are read")]
impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let (parts, body) = request.into_parts();
        let body = read_body(parts.clone(), body).await?;
        if form_has_nul(&body) {
            return Err(PageError::of(StatusCode::BAD_REQUEST, ProblemKind::UnusableCharacter));
        }
        match axum::Form::from_request(Request::from_parts(parts, Body::from(body)), state).await {
            Ok(axum::Form(form)) => Ok(Self(form)),
            // 415 for another type, 422 for a value that a field does not have.
            Err(refused) => Err(PageError::of(refused.into_response().status(), ProblemKind::Malformed)),
        }
    }
}

#[expect(clippy::disallowed_types, reason = "this is where queries are read")]
impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(_) => Err(malformed()),
        }
    }
}

#[expect(clippy::disallowed_types, reason = "this is where paths are read")]
impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            // Such as an id that is none.
            Err(_) => Err(PageError::of(StatusCode::NOT_FOUND, ProblemKind::NotFound)),
        }
    }
}

/// Reads a body up to the route's limit.
pub(in crate::http) async fn read_body(parts: Parts, body: Body) -> Result<Bytes, PageError> {
    Bytes::from_request(Request::from_parts(parts, body), &()).await.map_err(|refused| {
        if refused.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
            PageError::of(StatusCode::PAYLOAD_TOO_LARGE, ProblemKind::TooLarge)
        } else {
            malformed()
        }
    })
}

/// The request cannot be read.
pub(in crate::http) fn malformed() -> PageError {
    PageError::of(StatusCode::BAD_REQUEST, ProblemKind::Malformed)
}
