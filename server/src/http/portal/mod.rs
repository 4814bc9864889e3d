//! The portal, and staff's preview of it.

mod home;
mod preview;
mod visits;

use axum::routing::get;
use domain::authorization::policy::Permission;

use super::routes::Routes;

/// The portal is for everyone signed in, a preview for staff.
pub(super) fn routes() -> Routes {
    const PREVIEW: Permission = Permission::PreviewAccount;
    Routes::new()
        .signed_in("/portal", get(home::home))
        .signed_in("/portal/visits", get(visits::visits))
        .holding(PREVIEW, "/students/{person}/preview", get(preview::ask).post(preview::open))
        .holding(PREVIEW, "/students/{person}/preview/{preview}", get(preview::show))
}
