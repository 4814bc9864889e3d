//! Ending a session, and what becomes of forms that are sent afterwards.

pub(super) mod ended;
mod forms;
pub(super) mod sender;
mod sign_out;
mod signed_in;
pub(super) mod stamp;
pub(super) mod standing;

use axum::routing::{get, post};

use super::routes::Routes;

/// Signing out, and whether someone has.
pub(super) fn family_routes() -> Routes {
    Routes::new()
        .signed_in(sender::SIGN_OUT, post(sign_out::leave))
        .signed_in("/account/signed-in", get(signed_in::signed_in))
        .open(standing::STANDING, get(standing::standing))
        .open(ended::ENDED, get(ended::ended))
}
