//! Coming in and going out.

mod account;
mod activate;
pub(super) mod codes;
mod cookies;
mod forgotten;
pub(super) mod grace;
mod next;
mod own_address;
mod passkeys;
pub(super) mod prove;
pub(super) mod providers;
mod reset;
pub(super) mod roles;
mod second_factor;
mod security;
mod setup;
mod sign_in;
mod sign_out;
mod single_sign_on;
mod steps;
mod strength;

use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::{InvalidHeaderValue, SET_COOKIE};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use backend::Error;
use domain::invitations::link::LINK;

use super::routes::{Access, Routes};

/// The most that a form here may carry, in bytes: a password of four times 256 bytes, three times as long in a form.
const BODY_LIMIT: usize = 16 * 1024;

/// How long a form may take, its way over a slow network included.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// Open to everybody, but for signing out.
pub(super) fn routes() -> Routes {
    Routes::new()
        .open("/sign-in", get(sign_in::show).post(sign_in::enter))
        .open("/sign-in/who", get(steps::who).post(steps::choose))
        .open("/sign-in/second-factor", get(second_factor::show).post(second_factor::enter))
        .open("/sign-in/second-factor/passkey", post(passkeys::challenge_waiting))
        .open("/sign-in/passkey", post(passkeys::enter))
        .open("/sign-in/passkey/options", post(passkeys::challenge_alone))
        .open("/sign-in/new-password", get(reset::after_code).post(reset::save_after_code))
        .open("/sign-in/with/{provider}", get(single_sign_on::go))
        .open("/sign-in/with/{provider}/back", get(single_sign_on::back))
        .open("/sign-in/verify", get(single_sign_on::verify).post(single_sign_on::confirm))
        .open("/sign-in/verify/code", post(single_sign_on::type_code))
        .open("/sign-in/verify/send", post(single_sign_on::send_again))
        .open("/sign-in/verify/not-me", post(single_sign_on::not_me))
        .signed_in("/sign-out", post(sign_out::leave))
        .open("/setup/{token}", get(setup::show).post(setup::create))
        .open(&format!("{LINK}/{{token}}"), get(activate::by_link))
        .open("/activate", get(activate::show).post(activate::by_code))
        .open("/activate/check", get(activate::check))
        .open("/activate/not-me", post(activate::not_me))
        .open("/activate/password", get(activate::choose).post(activate::save))
        .open("/activate/fresh", post(activate::fresh))
        .open("/forgotten/password", get(forgotten::password).post(forgotten::ask_for_link))
        .open("/forgotten/username", get(forgotten::username).post(forgotten::ask_for_username))
        .open("/reset/{token}", get(reset::by_link))
        .open("/reset", get(reset::show).post(reset::save))
        .open("/password/strength", post(strength::judge))
        .signed_in("/account/password", get(account::password).post(account::change))
        .proven(Access::SignedIn, "/account/email", get(own_address::show).post(own_address::ask))
        .signed_in("/account/email/cancel", post(own_address::cancel))
        .signed_in("/account/email/confirm", get(own_address::confirming).post(own_address::confirm))
        .open("/email/confirm/{token}", get(own_address::by_confirm_link))
        .open("/email/undo/{token}", get(own_address::by_undo_link))
        .open("/email/undo", get(own_address::undoing).post(own_address::undo))
        .signed_in("/account/sessions", get(account::list))
        .signed_in("/account/sessions/end", post(account::end))
        .signed_in("/account/prove", get(prove::show).post(prove::enter))
        .signed_in("/account/security", get(security::list))
        .proven(Access::SignedIn, "/account/security/app", get(security::app).post(security::save_app))
        .signed_in("/account/security/app/remove", get(security::ask_remove_app).post(security::remove_app))
        .signed_in("/account/passkey", post(passkeys::challenge_own))
        .proven(Access::SignedIn, "/account/security/passkey", get(passkeys::ask).post(passkeys::add))
        .signed_in("/account/security/passkey/options", post(passkeys::challenge_new))
        .signed_in(
            "/account/security/passkeys/{passkey}/remove",
            get(security::ask_remove_passkey).post(security::remove_passkey),
        )
        .proven(
            Access::SignedIn,
            "/account/security/recovery-codes",
            get(security::ask_renew).post(security::renew_codes),
        )
        .proven(Access::SignedIn, "/account/security/identities/remove", post(security::remove_identity))
        .within(BODY_LIMIT, TIME_LIMIT)
}

/// On to another page (303, so that a form is not sent twice), with cookies.
fn go_on<const N: usize>(
    to: &str,
    cookies: [Result<HeaderValue, InvalidHeaderValue>; N],
) -> Result<Response, Error> {
    let mut response = Redirect::to(to).into_response();
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie.map_err(Error::unexpected)?);
    }
    Ok(response)
}

/// Only what a token can consist of reaches a header.
fn token_only(token: &str) -> String {
    token.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(64).collect()
}
