//! Ending a session.

mod sign_out;

use axum::routing::post;

use super::routes::Routes;

/// Signing out.
pub(super) fn family_routes() -> Routes {
    Routes::new().signed_in("/sign-out", post(sign_out::leave))
}
