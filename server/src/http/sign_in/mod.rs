//! Signing in.

pub(super) mod next;
#[expect(clippy::module_inception, reason = "the action that the feature is named after")]
pub(super) mod sign_in;
pub(super) mod steps;

use axum::routing::get;

use super::routes::Routes;

/// Open to everyone.
pub(super) fn family_routes() -> Routes {
    Routes::new()
        .open("/sign-in", get(sign_in::show).post(sign_in::enter))
        .open("/sign-in/who", get(steps::who).post(steps::choose))
}
