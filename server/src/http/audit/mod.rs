//! The audit log, its alerts, and the limits on exports.

mod export;
mod log;
mod seen;

use axum::routing::{get, post};
use backend::audit::list::AuditFilter;
use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use serde::Deserialize;

use super::routes::{Access, Routes};

/// The pages, their forms and the file.
pub(super) fn routes() -> Routes {
    const LOG: Permission = Permission::ViewAudit;
    Routes::new()
        .holding(LOG, "/audit", get(log::log))
        .holding(LOG, "/audit/alerts/seen", post(seen::mark))
        .step_up(Access::Holds(LOG), "/audit/export", post(export::export))
}

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
struct AuditQuery {
    who: String,
    what: String,
    whom: String,
    from: String,
    until: String,
    alerts: String,
    after: String,
    done: String,
}

impl AuditQuery {
    /// Ignores values that cannot be parsed.
    fn filter(&self) -> AuditFilter {
        AuditFilter {
            who: self.who.clone(),
            action: AuditAction::from_slug(&self.what),
            whom: self.whom.clone(),
            from: self.from.parse().ok(),
            until: self.until.parse().ok(),
            alerts_after: (!self.alerts.is_empty()).then_some(0),
        }
    }
}
