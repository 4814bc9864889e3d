//! The only way to add a route: with who may request it. It is refused to everyone else before its handler
//! runs, and a test requests all of them. The use case behind it asks the policy about the specific person or
//! school.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use backend::sessions::session::SignedIn;
use backend::{Backend, Error};
pub use domain::authorization::access::Access;
use domain::authorization::access::{AccessDenied, Requires};
use domain::authorization::permission::Permission;
use tower_http::timeout::TimeoutLayer;

use super::factors::step_up::{continued, only_after_step_up, pending_form_in};
use super::problem::PageError;
use super::session::to_sign_in;
use super::sessions::sender::admit;

/// A route, with who may request it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredRoute {
    /// The path as axum writes it, such as `/students/{person}/preview`.
    pub path: String,
    /// What it requires.
    pub requires: Requires,
}

/// The routes of a feature.
pub(super) struct Routes {
    router: Router<Backend>,
    declared: Vec<DeclaredRoute>,
}

impl Routes {
    /// No routes.
    pub(super) fn new() -> Self {
        Self { router: Router::new(), declared: Vec::new() }
    }

    /// Adds a route for everyone.
    pub(super) fn open(self, path: &str, handlers: MethodRouter<Backend>) -> Self {
        self.add(path, Requires::only(Access::Everybody), handlers)
    }

    /// Adds a route for everyone signed in.
    pub(super) fn signed_in(self, path: &str, handlers: MethodRouter<Backend>) -> Self {
        self.add(path, Requires::only(Access::SignedIn), handlers)
    }

    /// Adds a route for sensitive actions: requires a step-up if the last one is too long ago.
    pub(super) fn step_up(self, access: Access, path: &str, handlers: MethodRouter<Backend>) -> Self {
        self.add(path, Requires::with_step_up(access), handlers)
    }

    /// Adds a route for people with this permission anywhere.
    pub(super) fn holding(self, permission: Permission, path: &str, handlers: MethodRouter<Backend>) -> Self {
        self.add(path, Requires::only(Access::Holds(permission)), handlers)
    }

    /// Adds another feature's routes.
    pub(super) fn merge(mut self, other: Self) -> Self {
        self.declared.extend(other.declared);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// Limits the size and the time of every request.
    pub(super) fn within(self, bytes: usize, time: Duration) -> Self {
        let late = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time);
        Self { router: self.router.layer(DefaultBodyLimit::max(bytes)).layer(late), ..self }
    }

    /// Splits them into the router and what they declare.
    pub(super) fn into_parts(self) -> (Router<Backend>, Vec<DeclaredRoute>) {
        (self.router, self.declared)
    }

    #[expect(clippy::disallowed_methods, reason = "this is where routes are added")]
    fn add(mut self, path: &str, requires: Requires, handlers: MethodRouter<Backend>) -> Self {
        self.declared.push(DeclaredRoute { path: path.to_owned(), requires });
        let guarded = handlers.layer(from_fn(move |request, next| admit(requires, request, next)));
        Self { router: self.router.route(path, guarded), ..self }
    }
}

/// Lets a request through to its handler, or refuses it.
pub(super) async fn guard(requires: Requires, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let who = parts.extensions.get::<Arc<SignedIn>>();
    let allowed = match requires.access.admits(who.map(|who| &who.actor)) {
        Ok(()) => Ok(()),
        Err(AccessDenied::SignedOut) => return to_sign_in(&parts),
        Err(AccessDenied::Refused(refusal)) => Err(refusal),
    };
    // Routes for everyone, such as the health check, are outside the layer that adds the backend.
    let continues = parts.method == Method::POST && pending_form_in(&parts.uri).is_some();
    if allowed.is_ok() && !requires.step_up && !continues {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Some(backend) = parts.extensions.get::<Backend>().cloned() else { return to_sign_in(&parts) };
    let Err(refusal) = allowed else {
        return match parts.extensions.get::<Arc<SignedIn>>().cloned() {
            Some(who) if requires.step_up => {
                only_after_step_up(parts, body, &backend, &who, next).await.into_response()
            }
            Some(who) => continued(parts, body, &backend, &who, next).await.into_response(),
            None => next.run(Request::from_parts(parts, body)).await,
        };
    };
    PageError::from(Error::Refused(refusal)).into_response()
}
