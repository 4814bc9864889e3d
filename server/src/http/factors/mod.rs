//! Second factors: as a step of signing in, on the security page, and before a sensitive action.

mod passkeys;
mod second_factor;
mod security;
pub(super) mod step_up;
mod waiting;

use axum::routing::{get, post};

use super::routes::{Access, Routes};

/// The pages that families and staff share.
pub(super) fn family_routes() -> Routes {
    Routes::new()
        .open("/sign-in/second-factor", get(second_factor::show).post(second_factor::enter))
        .open("/sign-in/second-factor/passkey", post(passkeys::challenge_waiting))
        .open("/sign-in/passkey", post(passkeys::enter))
        .open("/sign-in/passkey/options", post(passkeys::challenge_alone))
        .signed_in(step_up::STEP_UP, get(step_up::show).post(step_up::enter))
        .signed_in(step_up::DISCARD, post(step_up::discard_form))
        .signed_in("/account/security", get(security::list))
        .step_up(Access::SignedIn, "/account/security/app", get(security::app).post(security::save_app))
        .signed_in("/account/security/app/remove", get(security::ask_remove_app).post(security::remove_app))
        .signed_in("/account/passkey", post(passkeys::challenge_own))
        .step_up(Access::SignedIn, "/account/security/passkey", get(passkeys::ask).post(passkeys::add))
        .signed_in("/account/security/passkey/options", post(passkeys::challenge_new))
        .signed_in(
            "/account/security/passkeys/{passkey}/remove",
            get(security::ask_remove_passkey).post(security::remove_passkey),
        )
        .step_up(
            Access::SignedIn,
            "/account/security/recovery-codes",
            get(security::ask_renew).post(security::renew_codes),
        )
        .step_up(Access::SignedIn, "/account/security/identities/remove", post(security::remove_identity))
}
