//! What people change about their own account.

mod account;
mod address;

use axum::routing::{get, post};

use super::routes::{Access, Routes};

/// The pages that families and staff share.
pub(super) fn family_routes() -> Routes {
    Routes::new()
        .signed_in("/account/password", get(account::password).post(account::change))
        .signed_in("/account/sessions", get(account::list))
        .signed_in("/account/sessions/end", post(account::end))
        .step_up(Access::SignedIn, "/account/email", get(address::show).post(address::ask))
        .signed_in("/account/email/cancel", post(address::cancel))
        .signed_in("/account/email/confirm", get(address::confirming).post(address::confirm))
        .open("/email/confirm/{token}", get(address::by_confirm_link))
        .open("/email/undo/{token}", get(address::by_undo_link))
        .open("/email/undo", get(address::undoing).post(address::undo))
}
