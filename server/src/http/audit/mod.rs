//! The audit log.

mod export;
mod log;

use axum::routing::{get, post};
use backend::audit::list::AuditFilter;
use domain::access::policy::Permission;
use domain::audit::AuditAction;
use serde::Deserialize;

use super::routes::{Access, Routes};

/// The page and its file.
pub(super) fn routes() -> Routes {
    Routes::new().holding(Permission::ViewAudit, "/audit", get(log::log)).proven(
        Access::Holds(Permission::ViewAudit),
        "/audit/export",
        post(export::export),
    )
}

/// What the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    who: String,
    what: String,
    whom: String,
    from: String,
    until: String,
    after: String,
}

impl Asked {
    /// What cannot be read asks for nothing.
    fn filter(&self) -> AuditFilter {
        AuditFilter {
            who: self.who.clone(),
            action: AuditAction::from_slug(&self.what),
            whom: self.whom.clone(),
            from: self.from.parse().ok(),
            until: self.until.parse().ok(),
        }
    }
}
