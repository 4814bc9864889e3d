//! The portal, and staff's preview of it.

mod children;
mod first;
mod home;
mod preview;
mod visits;

pub(super) use first::ARE_THESE_YOURS;

use axum::routing::get;
use domain::authorization::policy::Permission;

use super::routes::Routes;

/// The portal is for everyone signed in, a preview for staff.
pub(super) fn routes() -> Routes {
    const PREVIEW: Permission = Permission::PreviewAccount;
    Routes::new()
        .signed_in("/portal", get(home::home))
        .signed_in("/portal/visits", get(visits::visits))
        .signed_in(ARE_THESE_YOURS, get(first::ask).post(first::answer))
        .signed_in("/portal/not-mine", get(children::which))
        .signed_in("/portal/children/{child}", get(children::show))
        .signed_in("/portal/children/{child}/not-mine", get(children::ask).post(children::stop))
        .holding(PREVIEW, "/students/{person}/preview", get(preview::ask).post(preview::open))
        .holding(PREVIEW, "/students/{person}/preview/{preview}", get(preview::show))
        .holding(PREVIEW, "/students/{person}/preview/{preview}/children/{child}", get(preview::show_child))
        .holding(PREVIEW, "/guardians/{person}/preview", get(preview::ask).post(preview::open))
        .holding(PREVIEW, "/guardians/{person}/preview/{preview}", get(preview::show))
        .holding(PREVIEW, "/guardians/{person}/preview/{preview}/children/{child}", get(preview::show_child))
}
