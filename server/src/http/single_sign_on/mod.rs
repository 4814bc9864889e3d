//! Single sign-on: to a provider and back, and its settings.

mod providers;
mod visit;

use axum::routing::{get, post};

use super::routes::Routes;

pub(super) use providers::routes;

/// Open to everyone.
pub(super) fn family_routes() -> Routes {
    Routes::new()
        .open("/sign-in/with/{provider}", get(visit::go))
        .open("/sign-in/with/{provider}/back", get(visit::back))
        .open("/sign-in/verify", get(visit::verify).post(visit::confirm))
        .open("/sign-in/verify/code", post(visit::type_code))
        .open("/sign-in/verify/send", post(visit::send_again))
        .open("/sign-in/verify/not-me", post(visit::not_me))
}
