//! The log and its alerts are kept.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        Stays { table: "audit_events", why: "the log only grows" },
        Stays { table: "audit_heads", why: "the log only grows" },
        Stays { table: "alerts", why: "entries of the log" },
        Stays { table: "alert_marks", why: "deleted with its account" },
    ],
};
