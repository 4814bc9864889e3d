//! Account recovery: forgotten passwords and usernames, and one-time codes from the office.

mod codes;
mod forgotten;
mod reset;

use axum::routing::get;

use super::routes::Routes;

pub(super) use codes::{list_of, routes};

/// Open to everyone.
pub(super) fn family_routes() -> Routes {
    Routes::new()
        .open("/sign-in/new-password", get(reset::after_code).post(reset::save_after_code))
        .open("/forgotten/password", get(forgotten::password).post(forgotten::ask_for_link))
        .open("/forgotten/username", get(forgotten::username).post(forgotten::ask_for_username))
        .open("/reset/{token}", get(reset::by_link))
        .open("/reset", get(reset::show).post(reset::save))
}
