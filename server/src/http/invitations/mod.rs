//! From an invitation to an active account, and the parts of the mailbox that are not pages.

mod activate;
mod children;
mod message_html;

pub(super) use activate::PASSWORD;
pub(super) use children::{answers, saying};

use axum::routing::{get, post};
use domain::authorization::policy::Permission;
use domain::invitations::link::LINK;

use super::routes::Routes;

/// The HTML part of a mailbox message.
pub(super) fn routes() -> Routes {
    Routes::new().holding(Permission::ViewMailbox, "/mailbox/{message}/html", get(message_html::message_html))
}

/// Open to everyone who has an invitation.
pub(super) fn family_routes() -> Routes {
    Routes::new()
        .open(&format!("{LINK}/{{token}}"), get(activate::by_link))
        .open("/activate", get(activate::show).post(activate::by_code))
        .open("/activate/check", get(activate::check))
        .open(activate::CHILDREN, get(children::ask).post(children::answer))
        .open("/activate/here", post(activate::here))
        .open("/activate/not-me", post(activate::not_me))
        .open("/activate/password", get(activate::choose).post(activate::save))
        .open("/activate/resend", post(activate::resend))
}
