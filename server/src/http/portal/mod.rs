//! The portal, and staff's preview of it.

mod home;
mod preview;

use axum::routing::get;
use domain::access::policy::Permission;

use super::routes::Routes;

/// The portal is for everyone signed in, a preview for staff.
pub(super) fn routes() -> Routes {
    let preview = get(preview::ask).post(preview::show);
    Routes::new().signed_in("/portal", get(home::home)).holding(
        Permission::PreviewAccount,
        "/students/{person}/preview",
        preview,
    )
}
