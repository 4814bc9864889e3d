//! Access control for server functions.

use std::sync::Arc;

use axum::http::request::Parts;
use backend::Backend;
use backend::factors::step_up::has_recent_step_up;
use backend::sessions::session::SignedIn;
use domain::authorization::access::{AccessDenied, Requires};
use domain::authorization::actor::Actor;
use leptos::prelude::use_context;
use leptos::server_fn::inventory;
use leptos_axum::ResponseOptions;

use crate::error::{AppError, AppResult};
use crate::ui::theme::Theme;

/// The cookie that stores the chosen theme.
pub const THEME_COOKIE: &str = "greencap-theme";

/// A server function and what it requires, declared next to it with [`endpoint!`]. The HTTP layer checks
/// before it reads the arguments, [`enter`] checks again inside (server-side rendering bypasses the HTTP
/// layer), and the use case asks the policy about the specific school or person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Its path below `/api/`.
    pub path: &'static str,
    /// What it requires.
    pub requires: Requires,
}

inventory::collect!(Endpoint);

/// Declares what a server function requires: `endpoint!("roll/list", holding ViewRoll)`. Instead of `holding`
/// and a permission, write `everybody`, `signed_in`, or `granted` and part of a child's portal; add `step_up`
/// to require step-up authentication. A server function without a declaration refuses everyone.
macro_rules! endpoint {
    ($path:literal, everybody) => {
        $crate::guard::endpoint!(@ $path, only(Everybody));
    };
    ($path:literal, signed_in) => {
        $crate::guard::endpoint!(@ $path, only(SignedIn));
    };
    ($path:literal, signed_in, step_up) => {
        $crate::guard::endpoint!(@ $path, with_step_up(SignedIn));
    };
    ($path:literal, holding $permission:ident) => {
        $crate::guard::endpoint!(@ $path, only(Holds(domain::authorization::permission::Permission::$permission)));
    };
    ($path:literal, holding $permission:ident, step_up) => {
        $crate::guard::endpoint!(
            @ $path, with_step_up(Holds(domain::authorization::permission::Permission::$permission))
        );
    };
    ($path:literal, granted $scope:ident) => {
        $crate::guard::endpoint!(@ $path, only(Granted(domain::authorization::grant::PortalScope::$scope)));
    };
    (@ $path:literal, $requires:ident($access:ident $(($of:expr))?)) => {
        leptos::server_fn::inventory::submit! {
            $crate::guard::Endpoint {
                path: $path,
                requires: domain::authorization::access::Requires::$requires(
                    domain::authorization::access::Access::$access $(($of))?
                ),
            }
        }
    };
}
pub(crate) use endpoint;

/// All declared server functions.
pub fn endpoints() -> impl Iterator<Item = Endpoint> {
    inventory::iter::<Endpoint>.into_iter().copied()
}

/// Returns what a server function requires.
pub fn declared(path: &str) -> Option<Requires> {
    endpoints().find(|endpoint| endpoint.path == path).map(|endpoint| endpoint.requires)
}

/// Checks whether a call meets the requirements of the server function.
///
/// # Errors
/// 401 for someone not signed in, 403 for someone without permission, 428 for someone who has to step up
/// first.
pub fn admit(requires: Requires, backend: &Backend, who: Option<&SignedIn>) -> AppResult<()> {
    requires.access.admits(who.map(|who| &who.actor)).map_err(|turned| match turned {
        AccessDenied::SignedOut => AppError::signed_out(),
        AccessDenied::Refused(_) => AppError::refused(),
    })?;
    match who {
        Some(who) if requires.step_up && !has_recent_step_up(backend, who) => {
            Err(AppError::step_up_required())
        }
        _ => Ok(()),
    }
}

/// The backend and the caller, as the HTTP layer added them to the request.
#[derive(Clone)]
pub struct Caller {
    /// For the use case.
    pub backend: Backend,
    /// For the use case.
    pub actor: Actor,
    /// The caller's session.
    pub signed_in: Arc<SignedIn>,
}

/// Admits the caller of a server function, who need not be signed in if it is declared for everybody. The
/// errors are those of [`admit`].
pub fn visit(endpoint: &str) -> AppResult<(Backend, Option<Arc<SignedIn>>)> {
    let outcome = (|| {
        let parts = use_context::<Parts>().ok_or_else(AppError::signed_out)?;
        let backend = parts.extensions.get::<Backend>().ok_or_else(AppError::signed_out)?;
        let signed_in = parts.extensions.get::<Arc<SignedIn>>();
        let requires = declared(endpoint).ok_or_else(AppError::refused)?;
        admit(requires, backend, signed_in.map(|who| &**who))?;
        Ok((backend.clone(), signed_in.cloned()))
    })();
    outcome.inspect_err(answer_with_status)
}

/// The same for a signed-in caller.
pub fn enter(endpoint: &str) -> AppResult<Caller> {
    let (backend, signed_in) = visit(endpoint)?;
    let signed_in = signed_in.ok_or_else(AppError::signed_out).inspect_err(answer_with_status)?;
    Ok(Caller { backend, actor: signed_in.actor.clone(), signed_in })
}

/// Converts the result of a use case to that of a server function, and sets the response's status.
pub fn answer<T>(result: backend::Result<T>) -> AppResult<T> {
    result.map_err(AppError::from).inspect_err(answer_with_status)
}

/// Sets the status of a server function's response to that of its error.
pub(crate) fn answer_with_status(error: &AppError) {
    // At start, the list of routes is made without a request, and so without a response.
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(error.kind.status());
    }
}

/// Returns the value of a cookie of this request.
pub fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    cookie_of(&parts.headers, name)
}

/// Returns the value of a cookie in these headers (RFC 6265, section 4.2).
pub fn cookie_of(headers: &axum::http::HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(axum::http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Returns the person's chosen theme, if it is valid.
pub fn theme() -> Option<Theme> {
    cookie(THEME_COOKIE).as_deref().and_then(Theme::from_slug)
}
