//! Operations are kept as long as their kind says: batches stay, what was exported goes after a month.

use crate::jobs::retention::{AT_ONCE, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[forget!("operations", AT_ONCE, "forget_at <= $1")], stays: &[] };
