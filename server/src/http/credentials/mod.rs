//! Password strength, for the script of the pages on which a password is chosen.

mod strength;

use axum::routing::post;

use super::routes::Routes;

/// Open to everyone: people choose a password before they have a session.
pub(super) fn family_routes() -> Routes {
    Routes::new().open("/password/strength", post(strength::judge))
}
