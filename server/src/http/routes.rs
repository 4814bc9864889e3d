//! The one way to add a route: with who may ask for it. It is refused to everyone else before its handler runs, and a
//! test walks all of them. The use case behind it asks the policy about the very person or school.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts as _, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;
use backend::sessions::session::SignedIn;
use backend::{Backend, Error};
use domain::authorization::policy::{Permission, Resource, decide};
use tower_http::timeout::TimeoutLayer;

use super::factors::step_up::only_after_step_up;
use super::family::{Family, problem};
use super::session::to_sign_in;

/// Who may ask for a route at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone: signing in, being invited.
    Everybody,
    /// Everyone signed in.
    SignedIn,
    /// People who have this permission at some school.
    Holds(Permission),
}

/// A route with who may ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// As axum writes it, such as `/students/{person}/preview`.
    pub path: String,
    /// Who may ask.
    pub access: Access,
    /// Whether it needs a step-up if the last one is too long ago.
    pub step_up: bool,
}

/// Routes of a feature.
pub(super) struct Routes {
    router: Router<Backend>,
    declared: Vec<Declared>,
}

impl Routes {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { router: Router::new(), declared: Vec::new() }
    }

    /// For everyone.
    pub(super) fn open(self, path: &str, handlers: MethodRouter<Backend>) -> Self {
        self.add(path, Access::Everybody, false, handlers)
    }

    /// For everyone signed in.
    pub(super) fn signed_in(self, path: &str, handlers: MethodRouter<Backend>) -> Self {
        self.add(path, Access::SignedIn, false, handlers)
    }

    /// For sensitive actions: needs a step-up if the last one is too long ago.
    pub(super) fn step_up(self, access: Access, path: &str, handlers: MethodRouter<Backend>) -> Self {
        self.add(path, access, true, handlers)
    }

    /// For who holds this permission somewhere.
    pub(super) fn holding(self, permission: Permission, path: &str, handlers: MethodRouter<Backend>) -> Self {
        self.add(path, Access::Holds(permission), false, handlers)
    }

    /// Also those of another feature.
    pub(super) fn merge(mut self, other: Self) -> Self {
        self.declared.extend(other.declared);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// None of them takes more bytes or more time than this.
    pub(super) fn within(self, bytes: usize, time: Duration) -> Self {
        let late = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time);
        Self { router: self.router.layer(DefaultBodyLimit::max(bytes)).layer(late), ..self }
    }

    /// Them for axum, and what they declare.
    pub(super) fn into_parts(self) -> (Router<Backend>, Vec<Declared>) {
        (self.router, self.declared)
    }

    #[expect(clippy::disallowed_methods, reason = "this is where routes are added")]
    fn add(mut self, path: &str, access: Access, step_up: bool, handlers: MethodRouter<Backend>) -> Self {
        self.declared.push(Declared { path: path.to_owned(), access, step_up });
        let guarded = handlers.layer(from_fn(move |request, next| guard(access, step_up, request, next)));
        Self { router: self.router.route(path, guarded), ..self }
    }
}

/// Lets a request on to its handler, or answers it.
pub(super) async fn guard(access: Access, step_up: bool, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let allowed = match (access, parts.extensions.get::<Arc<SignedIn>>()) {
        (Access::Everybody, _) | (Access::SignedIn, Some(_)) => Ok(()),
        (_, None) => return to_sign_in(&parts),
        (Access::Holds(permission), Some(who)) => {
            decide(&who.actor, permission, Resource::AnySchool(who.actor.organisation)).map(|_| ())
        }
    };
    // What asks for nobody, such as the health of the server, is outside the layer that puts the backend there.
    if allowed.is_ok() && !step_up {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Some(backend) = parts.extensions.get::<Backend>().cloned() else { return to_sign_in(&parts) };
    let Err(refusal) = allowed else {
        return match parts.extensions.get::<Arc<SignedIn>>().cloned() {
            Some(who) => only_after_step_up(parts, body, &backend, &who, next).await,
            None => next.run(Request::from_parts(parts, body)).await,
        };
    };
    match Family::from_request_parts(&mut parts, &backend).await {
        Ok(Family(page)) => problem(page, Error::Refused(refusal)),
        Err(answer) => answer,
    }
}
