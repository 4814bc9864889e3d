//! The log and its alerts are kept.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        KeptTable { table: "audit_events", why: "the log only grows" },
        KeptTable { table: "audit_heads", why: "the log only grows" },
        KeptTable { table: "alerts", why: "entries of the log" },
        KeptTable { table: "alert_marks", why: "deleted with its account" },
    ],
};
