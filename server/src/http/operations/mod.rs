//! Operations: approval by a second person, and the progress of long ones. The permission is checked for each
//! request.

mod approvals;
mod events;
mod outcome;

pub use events::ShutdownSignal;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

use super::routes::{Access, Routes};

/// The approvals page and its forms.
pub(super) fn routes() -> Routes {
    const OFFICE: Permission = Permission::UseOffice;
    Routes::new()
        .holding(OFFICE, "/approvals", get(approvals::show))
        .holding(OFFICE, "/operations/{operation}/events", get(events::events))
        .step_up(Access::Holds(OFFICE), "/approvals/{approval}/decide", post(approvals::decide))
        .step_up(Access::Holds(OFFICE), "/approvals/{approval}/take", post(approvals::take))
}
