//! Operations: what waits for a second person. What each request takes is asked for that request.

mod approvals;
mod outcome;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

use super::routes::{Access, Routes};

/// The page of approvals and its forms.
pub(super) fn routes() -> Routes {
    const OFFICE: Permission = Permission::UseOffice;
    Routes::new()
        .holding(OFFICE, "/approvals", get(approvals::show))
        .step_up(Access::Holds(OFFICE), "/approvals/{approval}/decide", post(approvals::decide))
        .step_up(Access::Holds(OFFICE), "/approvals/{approval}/take", post(approvals::take))
}
