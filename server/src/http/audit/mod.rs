//! The audit log, its alerts, and the limits on exports.

mod export;
mod log;
mod seen;

use axum::routing::{get, post};
use backend::Error;
use backend::audit::list::AuditFilter;
use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::when::typed_day;
use serde::Deserialize;

use super::problem::PageError;
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
    /// # Errors
    /// A sentence about a date that is none.
    fn filter(&self) -> Result<AuditFilter, PageError> {
        let mut errors = FieldErrors::default();
        let from = errors.take("from", typed_day(&self.from));
        let until = errors.take("until", typed_day(&self.until));
        match (from, until) {
            (Some(from), Some(until)) => Ok(AuditFilter {
                who: self.who.clone(),
                action: AuditAction::from_slug(&self.what),
                whom: self.whom.clone(),
                from,
                until,
                alerts_after: (!self.alerts.is_empty()).then_some(0),
            }),
            _ => Err(PageError::from(Error::from(errors)).back_to("/audit", "Back to the audit log")),
        }
    }
}
