//! How long operations are kept, as their kind says: batches stay, exports are deleted after a month.

use crate::jobs::retention::{AT_ONCE, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[forget!("operations", AT_ONCE, "forget_at <= $1")], stays: &[] };
