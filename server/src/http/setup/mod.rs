//! The first administrator.

mod link;

use axum::routing::get;

use super::routes::Routes;

/// Open to everyone who has the link.
pub(super) fn family_routes() -> Routes {
    Routes::new().open("/setup/{token}", get(link::show).post(link::create))
}
